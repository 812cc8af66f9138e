import { assert, assertEquals, assertRejects } from "@std/assert";
import * as fc from "fast-check";
import { createRandom } from "../../../core/kernels/create_random.ts";
import type { Csr } from "../../../core/kernels/csr.ts";
import type { GraphFilterArgs } from "../../../core/kernels/learning_kernels.ts";
import { transpose } from "../../../core/kernels/transpose.ts";
import {
  fromDense,
  integers,
  randomCsr,
  randomFloats,
  toDense,
} from "./matrices.ts";
import { testEach } from "./test_each.ts";

type Rows = readonly (readonly number[])[];

function multiply(a: Rows, b: Rows): number[][] {
  return a.map((row) =>
    (b[0] ?? []).map((_, j) =>
      row.reduce((sum, value, k) => sum + value * b[k]![j]!, 0)
    )
  );
}

function rowsOf(matrix: Csr): number[][] {
  return toDense(matrix).map((row) => row.map((value) => value ?? 0));
}

function matrixOf(data: Float32Array, rows: number, columns: number): Rows {
  return Array.from(
    { length: rows },
    (_, row) => Array.from(data.subarray(row * columns, (row + 1) * columns)),
  );
}

/** The whole result, from `P` itself and its powers. */
function expected(args: GraphFilterArgs): number[][] {
  const { matrix, signals, coefficients, left, right, rank } = args;
  const operator = multiply(rowsOf(transpose(matrix)), rowsOf(matrix));
  let power: number[][] = rowsOf(signals);
  const sum = Array.from(power, (row) => row.map(() => 0));
  const add = (term: Rows, scale: number) =>
    term.forEach((row, r) => row.forEach((x, c) => sum[r]![c]! += scale * x));
  for (const coefficient of coefficients) {
    power = multiply(power, operator);
    add(power, coefficient);
  }
  if (rank > 0) {
    const columns = transpose(fromDense(matrixOf(right, matrix.cols, rank)));
    add(multiply(matrixOf(left, signals.rows, rank), rowsOf(columns)), 1);
  }
  return sum;
}

function keepLargest(row: readonly number[], k: number): (number | null)[] {
  const kept = Array.from(row.keys())
    .filter((n) => row[n] !== 0)
    .sort((a, b) => Math.abs(row[b]!) - Math.abs(row[a]!) || a - b)
    .slice(0, k);
  return row.map((value, n) => kept.includes(n) ? value : null);
}

function signs(rows: number, cols: number): fc.Arbitrary<Csr> {
  const value = fc.option(fc.integer({ min: -1, max: 1 }));
  return fc.array(
    fc.array(value, { minLength: cols, maxLength: cols }),
    { minLength: rows, maxLength: rows },
  ).map((dense) => fromDense(dense, cols));
}

testEach(
  "graphFilter() of integers is exact for every shape, degree, rank and cut",
  async (kernels) => {
    const shape = fc.record({
      rows: fc.integer({ min: 0, max: 70 }),
      users: fc.integer({ min: 1, max: 5 }),
      items: fc.integer({ min: 1, max: 30 }),
      degree: fc.integer({ min: 1, max: 3 }),
      rank: fc.integer({ min: 0, max: 9 }),
    });
    await fc.assert(
      fc.asyncProperty(
        shape.chain(({ rows, users, items, degree, rank }) =>
          fc.record({
            matrix: signs(users, items),
            signals: signs(rows, items),
            coefficients: integers(degree),
            left: integers(rows * rank),
            right: integers(items * rank),
            rank: fc.constant(rank),
            topK: fc.integer({ min: 1, max: items + 2 }),
          })
        ),
        async ({ coefficients, ...rest }) => {
          const args = {
            ...rest,
            coefficients: Array.from(coefficients),
            transposed: transpose(rest.matrix),
          };
          const result = await kernels.graphFilter(args);
          assertEquals(
            toDense(result),
            expected(args).map((row) => keepLargest(row, args.topK)),
          );
        },
      ),
      { numRuns: 60 },
    );
  },
);

testEach(
  "graphFilter() is exact to single precision with hundreds of rows, items and factors",
  async (kernels) => {
    const random = createRandom(3);
    const [users, items, rank] = [90, 217, 45];
    const matrix = randomCsr(random, users, items, 0.1, () => random.normal());
    const args = {
      matrix,
      transposed: transpose(matrix),
      signals: randomCsr(random, 130, items, 0.05),
      coefficients: [1, -0.5, 0.1, -0.01],
      left: randomFloats(random, 130 * rank),
      right: randomFloats(random, items * rank),
      rank,
      topK: items,
    };
    const result = rowsOf(await kernels.graphFilter(args));
    const wanted = expected(args);
    const largest = Math.max(...wanted.flat().map(Math.abs));
    for (const [row, values] of wanted.entries()) {
      for (const [item, value] of values.entries()) {
        assert(Math.abs(result[row]![item]! - value) < 1e-5 * largest);
      }
    }
  },
);

testEach(
  "graphFilter() keeps the largest of thousands, wherever they stand",
  async (kernels) => {
    const random = createRandom(4);
    const items = 3001;
    const rows: Record<string, (item: number) => number> = {
      "at random": () => random.normal(),
      "ties": () => random.int(3) - 1,
      "at every 16th": (item) => item % 16 === 0 ? 9 : random.float(),
      "nowhere at every 16th": (item) => item % 16 === 0 ? 0.5 : random.int(9),
      "at the end": (item) => item - 50,
      "few": (item) => item % 400 === 0 ? 1 : 0,
    };
    for (const [name, value] of Object.entries(rows)) {
      const row = Float32Array.from(
        { length: items },
        (_, item) => value(item),
      );
      const matrix = fromDense([], items);
      const result = await kernels.graphFilter({
        matrix,
        transposed: transpose(matrix),
        signals: fromDense([new Array(items).fill(null)]),
        coefficients: [1],
        left: Float32Array.of(1),
        right: row,
        rank: 1,
        topK: 40,
      });
      assertEquals(
        toDense(result),
        [keepLargest(Array.from(row), 40)],
        name,
      );
    }
  },
);

testEach("graphFilter() keeps NaN, so that it can be told", async (kernels) => {
  const matrix = fromDense([[1, 1, 1]]);
  const result = await kernels.graphFilter({
    matrix,
    transposed: transpose(matrix),
    signals: fromDense([[1, null, null]]),
    coefficients: [1],
    left: Float32Array.of(1),
    right: Float32Array.of(0, NaN, 2),
    rank: 1,
    topK: 2,
  });
  assertEquals(toDense(result), [[null, NaN, 3]]);
});

testEach(
  "graphFilter() refuses sizes that do not fit, and stops when it is aborted",
  async (kernels) => {
    const matrix = fromDense([[1, 1]]);
    const args = {
      matrix,
      transposed: transpose(matrix),
      signals: matrix,
      coefficients: [1],
      left: new Float32Array(),
      right: new Float32Array(),
      rank: 0,
      topK: 1,
    };
    for (
      const [wrong, message] of [
        [{ transposed: matrix }, "transposed is 1 × 2, must be 2 × 1"],
        [{ signals: args.transposed }, "Number of columns of signals is 1"],
        [{ coefficients: [] }, "Number of coefficients is 0"],
        [{ rank: 2 }, "Length of left is 0, must be 2"],
        [{ topK: 0 }, "topK is 0"],
      ] as const
    ) {
      await assertRejects(
        () => kernels.graphFilter({ ...args, ...wrong }),
        RangeError,
        message,
      );
    }
    const signal = AbortSignal.abort(new Error("enough"));
    await assertRejects(
      () => kernels.graphFilter(args, signal),
      Error,
      "enough",
    );
  },
);
