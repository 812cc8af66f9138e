import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
} from "@std/assert";
import { symmetricEigen } from "../../algorithms/symmetric_eigen.ts";
import { truncatedSvd } from "../../algorithms/truncated_svd.ts";
import { createKernels } from "../../core/kernels/create_kernels.ts";
import { createRandom } from "../../core/kernels/create_random.ts";
import { createReferenceKernels } from "../../core/kernels/create_reference_kernels.ts";
import type { Model } from "../../core/models/model.ts";
import { createSharedWork } from "../../train/search/shared_work.ts";
import { assertClose } from "./assert_close.ts";
import {
  column,
  type Dense,
  dot,
  fitDense,
  itemWeights,
  WEIGHTED,
} from "./fit_dense.ts";

/** `V Vᵀ` with the eigenvectors of `XᵀX`, in double precision. */
function expectedProjection(rows: Dense, k: number): number[][] {
  const items = rows[0]!.map((_, item) => column(rows, item));
  const gram = items.flatMap((a) => items.map((b) => dot(a, b)));
  const n = items.length;
  const { vectors } = symmetricEigen(Float64Array.from(gram), n);
  return items.map((_, i) =>
    items.map((_, j) => {
      let sum = 0;
      for (let f = 0; f < k; f++) {
        sum += vectors[f * n + i]! * vectors[f * n + j]!;
      }
      return sum;
    })
  );
}

/** A few groups of users with items of their own, and noise: singular values that fall fast, then slowly. */
function groups(users: number, items: number): Dense {
  const random = createRandom(8);
  return Array.from(
    { length: users },
    (_, user) =>
      Array.from({ length: items }, (_, item) => {
        const likely = user % 7 === item % 7 ? 0.7 - 0.08 * (item % 7) : 0.03;
        return random.float() < likely ? 1 + random.int(2) : 0;
      }),
  );
}

function factorsOf(model: Model): number {
  return model.tensors().item_factors!.shape[1]!;
}

Deno.test("TruncatedSVD projects histories on the singular vectors of largest value", async () => {
  for (const k of [1, 2, 4]) {
    const model = await fitDense(truncatedSvd, WEIGHTED, { n_components: k });
    assertClose(itemWeights(model, 6), expectedProjection(WEIGHTED, k), 1e-4);
  }
});

Deno.test("TruncatedSVD finds the leading vectors of hundreds, more users than items or fewer", async () => {
  const kernels = await createKernels({ threads: 2 });
  try {
    for (const [users, items] of [[300, 90], [60, 200]] as const) {
      const rows = groups(users, items);
      const model = await fitDense(truncatedSvd, rows, { n_components: 7 }, {
        kernels,
      });
      assertClose(
        itemWeights(model, items),
        expectedProjection(rows, 7),
        1e-4,
      );
    }
  } finally {
    kernels.close();
  }
});

Deno.test("TruncatedSVD factorises once per search, smaller ranks are prefixes", async () => {
  let passes = 0;
  const reference = createReferenceKernels();
  const kernels = {
    ...reference,
    gram: (...args: Parameters<typeof reference.gram>) => {
      passes++;
      return reference.gram(...args);
    },
  };
  const rows = groups(40, 30);
  const context = { kernels, shared: createSharedWork() };
  const fit = (k: number) =>
    fitDense(truncatedSvd, rows, { n_components: k }, context);
  const small = await fit(3);
  const first = passes;
  const large = await fit(20);
  assertEquals(passes, first);
  const [few, many] = [small, large].map((model) =>
    model.tensors().item_factors!.data
  );
  for (let item = 0; item < 30; item++) {
    for (let f = 0; f < 3; f++) {
      assertEquals(few![item * 3 + f], many![item * 20 + f]);
    }
  }
});

Deno.test("TruncatedSVD takes at most one component less than there are items, and says so", async () => {
  const warnings: unknown[] = [];
  const model = await fitDense(
    truncatedSvd,
    WEIGHTED,
    { n_components: 50 },
    { warn: (event, fields) => warnings.push([event, fields]) },
  );
  assertEquals(warnings, [
    ["n_components_clamped", { requested: 50, clamped: 5 }],
  ]);
  // Of 5 users one has nothing: there are no more than 4 components.
  assertEquals(factorsOf(model), 4);
  const vectors = model.tensors().item_factors!.data;
  for (let f = 0; f < 4; f++) {
    let square = 0;
    for (let item = 0; item < 6; item++) square += vectors[item * 4 + f]! ** 2;
    assertAlmostEquals(square, 1, 1e-5);
  }
});

Deno.test("TruncatedSVD leaves out components that the matrix does not have", async () => {
  const rows = [[1, 2, 0], [2, 4, 0], [0, 0, 0]];
  const model = await fitDense(truncatedSvd, rows, { n_components: 2 });
  assertEquals(factorsOf(model), 1);
  assertClose(itemWeights(model, 3), [[0.2, 0.4, 0], [0.4, 0.8, 0], [0, 0, 0]]);
});

Deno.test("TruncatedSVD of nothing scores 0, of one item that item", async () => {
  const nothing = await fitDense(truncatedSvd, [[0, 0, 0], [0, 0, 0]]);
  assert(itemWeights(nothing, 3).flat().every((weight) => weight === 0));
  const one = await fitDense(truncatedSvd, [[2], [1]], { n_components: 1 });
  assertClose(itemWeights(one, 1), [[1]]);
});

Deno.test("TruncatedSVD says that interaction weights are too large to square", async () => {
  await assertRejects(
    () => fitDense(truncatedSvd, [[1e30, 1e30, 0], [1, 1, 1]]),
    RangeError,
    "the interaction weights are too large",
  );
});
