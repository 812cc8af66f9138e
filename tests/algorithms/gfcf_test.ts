import { assert, assertEquals, assertRejects } from "@std/assert";
import { gfcf } from "../../algorithms/gfcf.ts";
import { createKernels } from "../../core/kernels/create_kernels.ts";
import { createReferenceKernels } from "../../core/kernels/create_reference_kernels.ts";
import { createSharedWork } from "../../train/search/shared_work.ts";
import { assertClose } from "./assert_close.ts";
import {
  add,
  groupedMatrix,
  idealFilter,
  itemGraph,
  keepStrongest,
} from "./expected_filters.ts";
import { type Dense, fitDense, itemWeights, WEIGHTED } from "./fit_dense.ts";

function expected(rows: Dense, k: number, alpha: number): number[][] {
  return add(itemGraph(rows, -0.5, -0.5), idealFilter(rows, k), alpha);
}

Deno.test("GFCF adds an ideal to a linear filter", async () => {
  for (const [k, alpha] of [[1, 0.3], [2, 1], [4, 0.05], [2, 0]] as const) {
    const params = { n_components: k, alpha };
    const model = await fitDense(gfcf, WEIGHTED, params);
    assertClose(itemWeights(model, 6), expected(WEIGHTED, k, alpha), 1e-4);
  }
});

Deno.test("GFCF keeps the top_k largest weights of each item of a history", async () => {
  for (const top_k of [1, 2, 3]) {
    const params = { n_components: 2, top_k };
    const model = await fitDense(gfcf, WEIGHTED, params);
    assertClose(
      itemWeights(model, 6),
      keepStrongest(expected(WEIGHTED, 2, 0.3), top_k),
      1e-4,
    );
  }
});

Deno.test("GFCF on a pool of workers is the filter of hundreds of users and items", async () => {
  const kernels = await createKernels({ threads: 2 });
  try {
    for (const [users, items] of [[300, 90], [60, 200]] as const) {
      const rows = groupedMatrix(users, items);
      const params = { n_components: 7 };
      const model = await fitDense(gfcf, rows, params, { kernels });
      assertClose(itemWeights(model, items), expected(rows, 7, 0.3), 1e-4);
    }
  } finally {
    kernels.close();
  }
});

Deno.test("GFCF factorises once for all numbers of components up to 256, beside another model's matrix", async () => {
  let passes = 0;
  const reference = createReferenceKernels();
  const kernels = {
    ...reference,
    gram: (...args: Parameters<typeof reference.gram>) => {
      passes++;
      return reference.gram(...args);
    },
  };
  const shared = createSharedWork();
  // Another model's work on the matrix as it is.
  await shared.get("transpose", () => {
    throw new Error("not the normalised matrix");
  }).catch(() => {});
  const fit = (n_components: number) =>
    fitDense(gfcf, WEIGHTED, { n_components }, { kernels, shared });
  await fit(1);
  const first = passes;
  const model = await fit(2);
  assertEquals(passes, first);
  assertClose(itemWeights(model, 6), expected(WEIGHTED, 2, 0.3), 1e-4);
});

Deno.test("GFCF takes at most as many components as there are items, and says so", async () => {
  const warnings: unknown[] = [];
  const warn = (event: string, fields: unknown) =>
    warnings.push([event, fields]);
  const model = await fitDense(gfcf, WEIGHTED, {}, { warn });
  assertEquals(warnings, [
    ["n_components_clamped", { requested: 256, clamped: 6 }],
  ]);
  // Of five users one has nothing: there are four components.
  assertClose(itemWeights(model, 6), expected(WEIGHTED, 4, 0.3), 1e-4);
});

Deno.test("GFCF of nothing scores 0", async () => {
  const model = await fitDense(gfcf, [[0, 0], [0, 0]]);
  assert(itemWeights(model, 2).flat().every((weight) => weight === 0));
});

Deno.test("GFCF refuses interaction weights that sum to less than 0", async () => {
  await assertRejects(
    () => fitDense(gfcf, [[-2, 1], [1, 1]]),
    RangeError,
    "GFCF: an interaction weight divided by its user's and item's sums is not finite",
  );
});
