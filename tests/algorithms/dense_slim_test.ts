import { assertEquals, assertRejects } from "@std/assert";
import { denseSlim } from "../../algorithms/dense_slim.ts";
import { createKernels } from "../../core/kernels/create_kernels.ts";
import { createReferenceKernels } from "../../core/kernels/create_reference_kernels.ts";
import { createRandom } from "../../core/kernels/create_random.ts";
import { createSharedWork } from "../../train/search/shared_work.ts";
import { assertClose } from "./assert_close.ts";
import { expectedClosedForm } from "./expected_closed_form.ts";
import {
  type Dense,
  fitDense,
  itemWeights,
  scoreRow,
  WEIGHTED,
} from "./fit_dense.ts";

Deno.test("DenseSLIM is the ridge regression of each item on all others", async () => {
  for (const reg of [0.5, 20]) {
    const model = await fitDense(denseSlim, WEIGHTED, { reg });
    const expected = expectedClosedForm(WEIGHTED, () => reg);
    assertClose(itemWeights(model, 6), expected);
  }
});

Deno.test("DenseSLIM scores a history by the sum of its weighted rows", async () => {
  const model = await fitDense(denseSlim, WEIGHTED, { reg: 2 });
  const weights = expectedClosedForm(WEIGHTED, () => 2);
  const scores = weights[1]!.map((weight, item) =>
    3 * weight + 2 * weights[4]![item]!
  );
  assertClose([scoreRow(model, [0, 3, 0, 0, 2, 0])], [scores]);
});

Deno.test("DenseSLIM agrees with sums in double precision over several tiles", async () => {
  const rows = randomRows(300, 260);
  const kernels = await createKernels({ threads: 2 });
  try {
    const model = await fitDense(denseSlim, rows, { reg: 5 }, { kernels });
    const expected = await fitDense(denseSlim, rows, { reg: 5 });
    assertClose(itemWeights(model, 260), itemWeights(expected, 260), 1e-5);
  } finally {
    kernels.close();
  }
});

Deno.test("DenseSLIM works out the Gram matrix once per search, and no trial spoils it", async () => {
  let grams = 0;
  const reference = createReferenceKernels();
  const kernels = {
    ...reference,
    gramTiles: (...args: Parameters<typeof reference.gramTiles>) => {
      grams++;
      return reference.gramTiles(...args);
    },
  };
  const shared = createSharedWork();
  for (const reg of [1, 3, 1]) {
    const model = await fitDense(denseSlim, WEIGHTED, { reg }, {
      kernels,
      shared,
    });
    const expected = expectedClosedForm(WEIGHTED, () => reg);
    assertClose(itemWeights(model, 6), expected);
  }
  assertEquals(grams, 1);
});

Deno.test("DenseSLIM says that reg is too small for its precision", async () => {
  // Two items that all have in common: without a ridge, their matrix has no inverse.
  const rows = [[1000, 1000], [1000, 1000]];
  const kernels = await createKernels({ threads: 1 });
  try {
    await assertRejects(
      () => fitDense(denseSlim, rows, { reg: 1e-6 }, { kernels }),
      RangeError,
      "DenseSLIM: reg is 0.000001, must be larger",
    );
  } finally {
    kernels.close();
  }
});

Deno.test("DenseSLIM says that interaction weights are too large to square", async () => {
  await assertRejects(
    () => fitDense(denseSlim, [[1e30, 1e30], [1, 1]]),
    RangeError,
    "the interaction weights are too large",
  );
});

Deno.test("DenseSLIM gives back the kernel memory that it took, after an error too", async () => {
  const kernels = await createKernels({ threads: 1 });
  try {
    for (const rows of [WEIGHTED, [[1e30, 0], [0, 1]]]) {
      const before = kernels.memory.f32(1);
      kernels.memory.free(before);
      await fitDense(denseSlim, rows, {}, { kernels }).catch(() => {});
      const after = kernels.memory.f32(1);
      kernels.memory.free(after);
      assertEquals(after.byteOffset, before.byteOffset);
    }
  } finally {
    kernels.close();
  }
});

function randomRows(users: number, items: number): Dense {
  const random = createRandom(4);
  return Array.from({ length: users }, () =>
    Array.from(
      { length: items },
      () => random.float() < 0.1 ? 1 + random.int(2) : 0,
    ));
}
