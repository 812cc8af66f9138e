/** What every implementation of the kernels must do; each is compared with dense sums written out here. */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
} from "@std/assert";
import * as fc from "fast-check";
import { createRandom } from "../../../core/kernels/create_random.ts";
import type { Csr } from "../../../core/kernels/csr.ts";
import type { Kernels } from "../../../core/kernels/kernels.ts";
import { transpose } from "../../../core/kernels/transpose.ts";
import {
  fromDense,
  integerCsr,
  integers,
  randomCsr,
  randomFloats,
  toDense,
} from "./matrices.ts";
import { testRanks } from "./rank_suite.ts";

/** Registers the suite under a name; `start` is called once per test. */
export function testKernels(
  name: string,
  start: () => Kernels | Promise<Kernels>,
): void {
  function test(
    title: string,
    body: (kernels: Kernels) => Promise<void>,
  ): void {
    Deno.test(`${name}: ${title}`, async () => {
      const kernels = await start();
      try {
        await body(kernels);
      } finally {
        kernels.close();
      }
    });
  }
  testSimilarity(test);
  testGram(test);
  testIals(test);
  testRanks(test);
}

type Test = (title: string, body: (kernels: Kernels) => Promise<void>) => void;

function testSimilarity(test: Test): void {
  test("similarityTopK() divides, cuts and keeps columns ascending", async (kernels) => {
    const result = await kernels.similarityTopK({
      left: fromDense([[1, 2], [null, 1]]),
      right: fromDense([[4, null, 1], [1, 8, null]]),
      rowNorm: Float32Array.of(1, 2),
      colNorm: Float32Array.of(1, 3, 0.5),
      shrinkage: 1,
      topK: 2,
    });
    // Row 0 is [6, 16, 1] over [2, 4, 1.5], row 1 is [1, 8, none] over [3, 7, -].
    assertEquals(toDense(result), [
      [3, 4, null],
      [Math.fround(1 / 3), Math.fround(8 / 7), null],
    ]);
  });

  test("similarityTopK() agrees with dense products, ties by lower column", async (kernels) => {
    const shape = fc.record({
      rows: fc.integer({ min: 0, max: 9 }),
      inner: fc.integer({ min: 0, max: 7 }),
      cols: fc.integer({ min: 1, max: 140 }),
    });
    const powers = (n: number) =>
      integers(n, 0, 2).map((exponents) => exponents.map((e) => 2 ** e));
    await fc.assert(
      fc.asyncProperty(
        shape.chain(({ rows, inner, cols }) =>
          fc.record({
            left: integerCsr(rows, inner),
            right: integerCsr(inner, cols),
            rowNorm: powers(rows),
            colNorm: powers(cols),
            shrinkage: fc.constant(0),
            topK: fc.integer({ min: 1, max: cols + 2 }),
          })
        ),
        async (args) => {
          const result = await kernels.similarityTopK(args);
          assertEquals(toDense(result), denseSimilarity(args));
        },
      ),
      { numRuns: 60 },
    );
  });

  test("similarityTopK() keeps the largest of thousands of real values", async (kernels) => {
    const random = createRandom(3);
    const right = randomCsr(random, 40, 3000, 0.3);
    const left = transpose(randomCsr(random, 40, 12, 0.8));
    const rowNorm = randomFloats(random, 12).map(Math.abs);
    const colNorm = randomFloats(random, 3000).map(Math.abs);
    const args = { left, right, rowNorm, colNorm, shrinkage: 0.7 };
    const all = toDense(await kernels.similarityTopK({ ...args, topK: 3000 }));
    for (const topK of [1, 10, 100, 1500]) {
      const some = toDense(await kernels.similarityTopK({ ...args, topK }));
      some.forEach((row, r) => assertEquals(row, cut(all[r]!, topK)));
    }
    const exact = denseSimilarity({ ...args, topK: 3000 });
    all.forEach((row, r) => assertRowsAlmostEqual(row, exact[r]!, 1e-5));
  });

  test("similarityTopK() counts a stored zero and a sum of zero as entries", async (kernels) => {
    const result = await kernels.similarityTopK({
      left: fromDense([[1, 1], [-1, null]]),
      right: fromDense([[0, 2, -0, null], [null, -2, null, null]]),
      rowNorm: Float32Array.of(1, 1),
      colNorm: Float32Array.of(1, 1, 1, 1),
      shrinkage: 0,
      topK: 4,
    });
    assertEquals(result.indices, Uint32Array.of(0, 1, 2, 0, 1, 2));
    assert(result.values.every((value, at) => value === (at === 4 ? -2 : 0)));
  });

  test("similarityTopK() leaves out what is not a number, and ranks Infinity first", async (kernels) => {
    const result = await kernels.similarityTopK({
      left: fromDense([[1]]),
      right: fromDense([[0, NaN, 3, 2, 5]]),
      rowNorm: Float32Array.of(1),
      colNorm: Float32Array.of(0, 1, 0, 1, 1),
      shrinkage: 0,
      topK: 2,
    });
    assertEquals(toDense(result), [[null, null, Infinity, null, 5]]);
  });
}

function testGram(test: Test): void {
  test("gram() of integers is exact for every shape of tile", async (kernels) => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          rows: fc.integer({ min: 0, max: 40 }),
          k: fc.integer({ min: 1, max: 37 }),
        }).chain(({ rows, k }) =>
          fc.record({
            rows: fc.constant(rows),
            k: fc.constant(k),
            factors: integers(rows * k),
          })
        ),
        async ({ rows, k, factors }) => {
          const result = await kernels.gram(factors, rows, k, 0.5);
          assertEquals(result, denseGram(factors, rows, k, 0.5));
        },
      ),
      { numRuns: 60 },
    );
  });

  test("gram() adds up thousands of rows", async (kernels) => {
    const random = createRandom(5);
    for (const [rows, k] of [[255, 8], [5000, 20]] as const) {
      const factors = randomFloats(random, rows * k);
      const result = await kernels.gram(factors, rows, k, 1);
      const exact = denseGram(factors, rows, k, 1);
      result.forEach((value, at) =>
        assertAlmostEquals(value, exact[at]!, 1e-6 * rows)
      );
    }
  });

  test("gram() refuses factors of another size", async (kernels) => {
    await assertRejects(
      () => kernels.gram(new Float32Array(7), 2, 4, 1),
      RangeError,
      "Length of factors is 7, must be 8",
    );
  });
}

function testIals(test: Test): void {
  test("ialsSolve() solves each row's normal equations", async (kernels) => {
    const random = createRandom(7);
    for (const factors of [1, 3, 8, 20]) {
      const rows = 31;
      const cols = 50;
      const matrix = randomCsr(random, rows, cols, 0.2);
      const fixed = randomFloats(random, cols * factors);
      const gram = denseGram(fixed, cols, factors, 0.1);
      const ridge = Float32Array.from(
        { length: rows },
        () => 1 + random.float(),
      );
      const solved = randomFloats(random, rows * factors);
      const args = { matrix, fixed, solved, factors, gram, ridge };
      await kernels.ialsSolve({ ...args, linearOffset: 0.3, steps: 40 });
      for (let row = 0; row < rows; row++) {
        const exact = normalEquations({ ...args, linearOffset: 0.3 }, row);
        for (let f = 0; f < factors; f++) {
          assertAlmostEquals(solved[row * factors + f]!, exact[f]!, 2e-4);
        }
      }
    }
  });

  test("ialsSolve() takes one step of steepest descent when told one step", async (kernels) => {
    const solved = Float32Array.of(1, 1);
    await kernels.ialsSolve({
      matrix: fromDense([[2]]),
      fixed: Float32Array.of(1, 0),
      solved,
      factors: 2,
      gram: Float32Array.of(1, 0, 0, 1),
      ridge: Float32Array.of(1),
      linearOffset: 1,
      steps: 1,
    });
    // A = diag(4, 2), b = (3, 0), so r = b - A (1, 1) = (-1, -2) and alpha = r·r / r·Ar = 5 / 12.
    assertAlmostEquals(solved[0]!, 1 - 5 / 12, 1e-6);
    assertAlmostEquals(solved[1]!, 1 - 10 / 12, 1e-6);
  });

  test("ialsSolve() makes rows without entries 0 and leaves solved rows as they are", async (kernels) => {
    const solved = Float32Array.of(7, 0.5, 7);
    await kernels.ialsSolve({
      matrix: fromDense([[null], [1], [null]]),
      fixed: Float32Array.of(1),
      solved,
      factors: 1,
      gram: Float32Array.of(0),
      ridge: Float32Array.of(1, 1, 1),
      linearOffset: 0,
      steps: 0,
    });
    assertEquals(solved, Float32Array.of(0, 0.5, 0));
  });

  test("ialsSolve() refuses a matrix that is not positive definite, by its row", async (kernels) => {
    for (const value of [-1, NaN]) {
      await assertRejects(
        () =>
          kernels.ialsSolve({
            matrix: fromDense([[1], [1]]),
            fixed: Float32Array.of(1),
            solved: Float32Array.of(0, 0),
            factors: 1,
            gram: Float32Array.of(0),
            ridge: Float32Array.of(1, value - 1),
            linearOffset: 0,
            steps: 3,
          }),
        RangeError,
        "Cannot solve row 1: the curvature along a search direction is ",
      );
    }
  });
}

function assertRowsAlmostEqual(
  actual: readonly (number | null)[],
  expected: readonly (number | null)[],
  relative: number,
): void {
  actual.forEach((value, at) => {
    const wanted = expected[at]!;
    if (value === null || wanted === null) assertEquals(value, wanted);
    else assertAlmostEquals(value, wanted, relative * Math.abs(wanted));
  });
}

/** All but the `k` largest entries of a row removed, of equal ones the later. */
function cut(row: readonly (number | null)[], k: number): (number | null)[] {
  const kept = new Set(
    row.map((value, column) => ({ value, column }))
      .filter(({ value }) => value !== null)
      .sort((a, b) => b.value! - a.value! || a.column - b.column)
      .slice(0, k)
      .map(({ column }) => column),
  );
  return row.map((value, column) => kept.has(column) ? value : null);
}

function denseSimilarity(
  { left, right, rowNorm, colNorm, shrinkage, topK }: {
    left: Csr;
    right: Csr;
    rowNorm: Float32Array;
    colNorm: Float32Array;
    shrinkage: number;
    topK: number;
  },
): (number | null)[][] {
  const b = toDense(right);
  return toDense(left).map((row, r) =>
    cut(
      Array.from(colNorm, (norm, column) => {
        let sum: number | null = null;
        row.forEach((value, inner) => {
          const other = b[inner]![column];
          if (value !== null && other !== null && other !== undefined) {
            sum = (sum ?? 0) + value * other;
          }
        });
        return sum === null
          ? null
          : Math.fround(sum / (rowNorm[r]! * norm + shrinkage)) + 0;
      }),
      topK,
    )
  );
}

function denseGram(
  factors: Float32Array,
  rows: number,
  k: number,
  scale: number,
): Float32Array {
  return Float32Array.from({ length: k * k }, (_, at) => {
    let sum = 0;
    for (let row = 0; row < rows; row++) {
      sum += factors[row * k + Math.floor(at / k)]! *
        factors[row * k + at % k]!;
    }
    return scale * sum + 0;
  });
}

/** The solution of one row's normal equations, by Gaussian elimination. */
function normalEquations(
  { matrix, fixed, factors: k, gram, ridge, linearOffset }: {
    matrix: Csr;
    fixed: Float32Array;
    factors: number;
    gram: Float32Array;
    ridge: Float32Array;
    linearOffset: number;
  },
  row: number,
): number[] {
  const system = Array.from(
    { length: k },
    (_, i) =>
      Array.from(
        { length: k + 1 },
        (_, j) => j === k ? 0 : gram[i * k + j]! + (i === j ? ridge[row]! : 0),
      ),
  );
  const entries = matrix.indptr[row + 1]! - matrix.indptr[row]!;
  if (entries === 0) return new Array<number>(k).fill(0);
  for (let p = matrix.indptr[row]!; p < matrix.indptr[row + 1]!; p++) {
    const q = fixed.subarray(
      matrix.indices[p]! * k,
      (matrix.indices[p]! + 1) * k,
    );
    for (let i = 0; i < k; i++) {
      for (let j = 0; j < k; j++) {
        system[i]![j]! += matrix.values[p]! * q[i]! * q[j]!;
      }
      system[i]![k]! += (matrix.values[p]! + linearOffset) * q[i]!;
    }
  }
  for (let i = 0; i < k; i++) {
    for (let other = 0; other < k; other++) {
      if (other === i) continue;
      const factor = system[other]![i]! / system[i]![i]!;
      for (let j = i; j <= k; j++) {
        system[other]![j]! -= factor * system[i]![j]!;
      }
    }
  }
  return system.map((line, i) => line[k]! / line[i]!);
}
