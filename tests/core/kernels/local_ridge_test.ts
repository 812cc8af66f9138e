import { assert, assertEquals, assertRejects } from "@std/assert";
import * as fc from "fast-check";
import { createKernels } from "../../../core/kernels/create_kernels.ts";
import { createRandom } from "../../../core/kernels/create_random.ts";
import { createReferenceKernels } from "../../../core/kernels/create_reference_kernels.ts";
import type { Csr } from "../../../core/kernels/csr.ts";
import type { Kernels } from "../../../core/kernels/kernels.ts";
import { LocalRidgeError } from "../../../core/kernels/local_ridge_error.ts";
import { transpose } from "../../../core/kernels/transpose.ts";
import { assertClose } from "../../algorithms/assert_close.ts";
import { solveDense } from "../../algorithms/solve_dense.ts";
import { fromDense, integerCsr, randomCsr, toDense } from "./matrices.ts";
import { testEach } from "./test_each.ts";

function run(
  kernels: Kernels,
  matrix: Csr,
  ridge: readonly number[],
  neighbours: number,
  signal?: AbortSignal,
): Promise<Csr> {
  return kernels.localRidge({
    matrix,
    transposed: transpose(matrix),
    ridge: Float32Array.from(ridge),
    neighbours,
  }, signal);
}

/** Regression after regression, by elimination; row: item that is predicted. */
function expected(
  matrix: Csr,
  ridge: readonly number[],
  neighbours: number,
): number[][] {
  const rows = toDense(matrix);
  const gram = Array.from(
    { length: matrix.cols },
    (_, i) =>
      Array.from(
        { length: matrix.cols },
        (_, j) =>
          rows.reduce((sum, row) => sum + (row[i] ?? 0) * (row[j] ?? 0), 0),
      ),
  );
  return gram.map((products, target) => {
    // In single precision, which tells apart some that are alike.
    const cosine = (item: number) =>
      Math.fround(
        Math.abs(products[item]!) / Math.fround(Math.sqrt(gram[item]![item]!)),
      );
    const chosen = Array.from(products.keys())
      .filter((item) => item !== target && products[item] !== 0)
      .sort((a, b) => cosine(b) - cosine(a) || a - b)
      .slice(0, neighbours);
    const solution = solveDense(
      chosen.map((i) =>
        chosen.map((j) => gram[i]![j]! + (i === j ? ridge[i]! : 0))
      ),
      chosen.map((item) => products[item]!),
    );
    return products.map((_, item) => solution[chosen.indexOf(item)] ?? 0);
  });
}

function weightsOf(matrix: Csr): number[][] {
  return toDense(matrix).map((row) => row.map((value) => value ?? 0));
}

testEach(
  "localRidge() solves a regression on one item in closed form",
  async (kernels) => {
    // Squares 5 and 2, product 3.
    const matrix = fromDense([[1, 1], [2, 1]]);
    assertEquals(toDense(await run(kernels, matrix, [1, 2], 1)), [
      [null, 3 / 4],
      [3 / 6, null],
    ]);
  },
);

testEach(
  "localRidge() on all other items has the weights of the inverse of the whole Gram matrix",
  async (kernels) => {
    const items = 20;
    const matrix = randomCsr(createRandom(5), 60, items, 0.8);
    const ridge = Array.from({ length: items }, (_, item) => 1 + item / 10);
    const rows = toDense(matrix);
    const gram = ridge.map((own, i) =>
      ridge.map((_, j) =>
        rows.reduce(
          (sum, row) => sum + (row[i] ?? 0) * (row[j] ?? 0),
          i === j ? own : 0,
        )
      )
    );
    const inverse = gram.map((_, column) =>
      solveDense(gram, gram.map((_, row) => row === column ? 1 : 0))
    );
    const weights = await run(kernels, matrix, ridge, items);
    assertClose(
      weightsOf(weights),
      inverse.map((column, target) =>
        column.map((value, item) =>
          item === target ? 0 : -value / column[target]!
        )
      ),
    );
  },
);

testEach(
  "localRidge() is the regression on the items with the largest cosines, for every shape and cut",
  async (kernels) => {
    const shape = fc.record({
      users: fc.integer({ min: 0, max: 7 }),
      items: fc.integer({ min: 0, max: 12 }),
      neighbours: fc.integer({ min: 1, max: 13 }),
    });
    const arbitrary = shape.chain(({ users, items, neighbours }) =>
      fc.record({
        matrix: integerCsr(users, items),
        ridge: fc.array(fc.integer({ min: 1, max: 5 }), {
          minLength: items,
          maxLength: items,
        }),
        neighbours: fc.constant(neighbours),
      })
    );
    await fc.assert(
      fc.asyncProperty(arbitrary, async ({ matrix, ridge, neighbours }) => {
        const weights = await run(kernels, matrix, ridge, neighbours);
        assertClose(
          weightsOf(weights),
          expected(matrix, ridge, neighbours),
          1e-4,
        );
        assert(weights.values.every((value) => value !== 0));
        for (let item = 0; item < matrix.cols; item++) {
          const begin = weights.indptr[item]!;
          const own = weights.indices.slice(begin, weights.indptr[item + 1]!);
          assert(own.length <= neighbours);
          assertEquals(own, own.toSorted());
        }
      }),
      { numRuns: 60 },
    );
  },
);

Deno.test("localRidge() gives the same from WebAssembly, whatever the threads, as from TypeScript", async () => {
  const matrix = randomCsr(createRandom(6), 150, 170, 0.1);
  const ridge = new Array<number>(170).fill(2);
  for (const neighbours of [1, 30, 33, 169]) {
    const reference = await run(
      createReferenceKernels(),
      matrix,
      ridge,
      neighbours,
    );
    const results: Csr[] = [];
    for (const threads of [1, 3]) {
      const kernels = await createKernels({ threads });
      try {
        results.push(await run(kernels, matrix, ridge, neighbours));
      } finally {
        kernels.close();
      }
    }
    assertEquals(results[0], results[1]);
    assertClose(weightsOf(results[0]!), weightsOf(reference), 2e-5);
  }
});

Deno.test("localRidge() solves in parts when the results have no room at once", async () => {
  // 4,200 · 4,199 places are more than there are; every item has a handful of neighbours.
  const items = 4200;
  const indices = Array.from({ length: items / 4 }, (_, user) =>
    Array.from(
      { length: 8 },
      (_, n) => (4 * user + n) % items,
    ).sort((a, b) => a - b));
  const matrix: Csr = {
    rows: indices.length,
    cols: items,
    indptr: Uint32Array.from({ length: indices.length + 1 }, (_, n) => 8 * n),
    indices: Uint32Array.from(indices.flat()),
    values: new Float32Array(2 * items).fill(1),
  };
  const ridge = new Array<number>(items).fill(3);
  const kernels = await createKernels({ threads: 2 });
  try {
    const parts = await run(kernels, matrix, ridge, items);
    assertEquals(parts, await run(kernels, matrix, ridge, 11));
  } finally {
    kernels.close();
  }
});

testEach(
  "localRidge() names an item whose neighbours are too alike for its precision",
  async (kernels) => {
    const matrix = fromDense([[1, 1000, 1000], [0, 1000, 1000]]);
    const error = await assertRejects(
      () => run(kernels, matrix, [1e-6, 1e-6, 1e-6], 2),
      LocalRidgeError,
      "Cannot solve for item 0: a pivot is ",
    );
    assert(error instanceof RangeError);
  },
);

testEach(
  "localRidge() refuses sizes that do not fit, and stops when it is aborted",
  async (kernels) => {
    const matrix = fromDense([[1, 2, 0]]);
    await assertRejects(
      () => run(kernels, matrix, [1, 1], 1),
      RangeError,
      "Length of ridge is 2, must be 3",
    );
    await assertRejects(
      () => run(kernels, matrix, [1, 1, 1], 0),
      RangeError,
      "neighbours is 0, must be an integer of at least 1",
    );
    await assertRejects(
      () =>
        kernels.localRidge({
          matrix,
          transposed: matrix,
          ridge: new Float32Array(3),
          neighbours: 1,
        }),
      RangeError,
      "transposed is 1 × 3, must be 3 × 1",
    );
    const signal = AbortSignal.abort(new Error("enough"));
    await assertRejects(
      () => run(kernels, matrix, [1, 1, 1], 1, signal),
      Error,
      "enough",
    );
  },
);
