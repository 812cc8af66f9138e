import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { createRandom } from "../../../core/kernels/create_random.ts";
import type { IalsBlockArgs } from "../../../core/kernels/learning_kernels.ts";
import { fromDense, randomCsr, randomFloats } from "./matrices.ts";
import { testEach } from "./test_each.ts";

function problem(factors: number): IalsBlockArgs {
  const random = createRandom(factors);
  const [rows, cols] = [37, 50];
  const fixed = randomFloats(random, cols * factors);
  const gram = new Float32Array(factors * factors);
  for (let at = 0; at < gram.length; at++) {
    for (let row = 0; row < cols; row++) {
      gram[at]! += 0.1 * fixed[row * factors + Math.floor(at / factors)]! *
        fixed[row * factors + at % factors]!;
    }
  }
  return {
    matrix: randomCsr(random, rows, cols, 0.2),
    fixed,
    solved: randomFloats(random, rows * factors),
    factors,
    gram,
    ridge: Float32Array.from({ length: rows }, () => 1 + random.float()),
    linearOffset: 0.3,
    first: 0,
    size: factors,
  };
}

/** Derivative of the row's loss by factor `f`. */
function derivative(args: IalsBlockArgs, row: number, f: number): number {
  const { matrix, fixed, solved, factors: k, gram, ridge, linearOffset } = args;
  const own = solved.subarray(row * k, (row + 1) * k);
  let sum = ridge[row]! * own[f]!;
  for (let j = 0; j < k; j++) sum += gram[f * k + j]! * own[j]!;
  for (let p = matrix.indptr[row]!; p < matrix.indptr[row + 1]!; p++) {
    const at = matrix.indices[p]! * k;
    let score = 0;
    for (let j = 0; j < k; j++) score += fixed[at + j]! * own[j]!;
    sum += (matrix.values[p]! * (score - 1) - linearOffset) * fixed[at + f]!;
  }
  return sum;
}

testEach(
  "ialsSolveBlock() makes the loss stationary in its block and leaves the other factors alone",
  async (kernels) => {
    for (
      const [factors, first, size] of [
        [1, 0, 1],
        [3, 0, 3],
        [8, 3, 5],
        [20, 0, 20],
        [21, 7, 9],
        [67, 0, 67],
        [67, 64, 3],
      ] as const
    ) {
      const args = { ...problem(factors), first, size };
      const before = args.solved.slice();
      await kernels.ialsSolveBlock(args);
      for (let row = 0; row < args.matrix.rows; row++) {
        const empty = args.matrix.indptr[row] === args.matrix.indptr[row + 1];
        for (let f = 0; f < factors; f++) {
          const value = args.solved[row * factors + f]!;
          if (empty) assertEquals(value, 0);
          else if (f < first || f >= first + size) {
            assertEquals(value, before[row * factors + f]);
          } else assertAlmostEquals(derivative(args, row, f), 0, 2e-3);
        }
      }
    }
  },
);

testEach(
  "ialsSolveBlock() refuses a matrix that is not positive definite, by its row",
  async (kernels) => {
    await assertRejects(
      () =>
        kernels.ialsSolveBlock({
          matrix: fromDense([[1], [1]]),
          fixed: Float32Array.of(1),
          solved: Float32Array.of(0, 0),
          factors: 1,
          gram: Float32Array.of(0),
          ridge: Float32Array.of(1, -2),
          linearOffset: 0,
          first: 0,
          size: 1,
        }),
      RangeError,
      "Cannot solve row 1: the curvature along a search direction is -1",
    );
  },
);

testEach(
  "ialsSolveBlock() refuses a block that ends after the last factor",
  async (kernels) => {
    await assertRejects(
      () => kernels.ialsSolveBlock({ ...problem(4), first: 2, size: 3 }),
      RangeError,
      "The block ends at factor 5, must end at 4 or before",
    );
  },
);
