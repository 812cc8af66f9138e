import { assertEquals, assertRejects } from "@std/assert";
import * as fc from "fast-check";
import { createRandom } from "../../../core/kernels/create_random.ts";
import type { Csr } from "../../../core/kernels/csr.ts";
import type { MultiplyArgs } from "../../../core/kernels/dense_kernels.ts";
import {
  fromDense,
  integerCsr,
  integers,
  randomCsr,
  randomFloats,
  toDense,
} from "./matrices.ts";
import { testEach } from "./test_each.ts";

/** What a product must be, sums in double precision. */
function expectedProduct(
  { left, right, rows, depth, columns }: MultiplyArgs,
): number[] {
  return Array.from({ length: rows * columns }, (_, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns];
    let sum = 0;
    for (let k = 0; k < depth; k++) {
      sum += left[row * depth + k]! * right[k * columns + column]!;
    }
    return sum + 0;
  });
}

/** So that -0 is 0. */
function plus0(value: number): number {
  return value + 0;
}

/** `matrix · dense`. */
function product(matrix: Csr, dense: Float32Array, columns: number): number[] {
  return toDense(matrix).flatMap((row) =>
    Array.from(
      { length: columns },
      (_, j) =>
        row.reduce<number>(
          (sum, value, h) => sum + (value ?? 0) * dense[h * columns + j]!,
          0,
        ),
    )
  );
}

testEach(
  "multiply() of integers is exact for every shape",
  async (kernels) => {
    const side = fc.integer({ min: 0, max: 30 });
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(side, side, side).chain(([rows, depth, columns]) =>
          fc.record({
            left: integers(rows * depth),
            right: integers(depth * columns),
            rows: fc.constant(rows),
            depth: fc.constant(depth),
            columns: fc.constant(columns),
          })
        ),
        async (args) => {
          const product = await kernels.multiply(args);
          assertEquals(Array.from(product, plus0), expectedProduct(args));
        },
      ),
      { numRuns: 60 },
    );
  },
);

testEach(
  "multiply() is exact across blocks of all three dimensions",
  async (kernels) => {
    const random = createRandom(3);
    const [rows, depth, columns] = [200, 530, 970];
    const digits = (n: number) =>
      Float32Array.from({ length: n }, () => random.int(7) - 3);
    const [left, right] = [digits(rows * depth), digits(depth * columns)];
    const args = { left, right, rows, depth, columns };
    const product = await kernels.multiply(args);
    for (const row of [0, 95, 96, 191, 192, 199]) {
      const own = {
        ...args,
        left: left.subarray(row * depth, (row + 1) * depth),
        rows: 1,
      };
      assertEquals(
        Array.from(
          product.subarray(row * columns, (row + 1) * columns),
          plus0,
        ),
        expectedProduct(own),
      );
    }
  },
);

testEach("multiply() refuses operands of other sizes", async (kernels) => {
  const operands = { left: new Float32Array(6), right: new Float32Array(6) };
  await assertRejects(
    () => kernels.multiply({ ...operands, rows: 2, depth: 3, columns: 3 }),
    RangeError,
    "Length of right is 6, must be 9",
  );
});

testEach(
  "sparseTimesDense() of integers is exact for every width",
  async (kernels) => {
    const shape = fc.record({
      rows: fc.integer({ min: 0, max: 40 }),
      inner: fc.integer({ min: 1, max: 8 }),
      columns: fc.integer({ min: 1, max: 75 }),
    });
    await fc.assert(
      fc.asyncProperty(
        shape.chain(({ rows, inner, columns }) =>
          fc.record({
            matrix: integerCsr(rows, inner),
            dense: integers(inner * columns),
            columns: fc.constant(columns),
          })
        ),
        async ({ matrix, dense, columns }) => {
          const result = await kernels.sparseTimesDense(matrix, dense, columns);
          assertEquals(
            Array.from(result, (value) => value + 0),
            product(matrix, dense, columns).map((value) => value + 0),
          );
        },
      ),
      { numRuns: 60 },
    );
  },
);

testEach(
  "rankDense() ranks as rankSparse() does with the same weights",
  async (kernels) => {
    const shape = fc.record({
      users: fc.integer({ min: 1, max: 70 }),
      items: fc.integer({ min: 1, max: 300 }),
    });
    await fc.assert(
      fc.asyncProperty(
        shape.chain(({ users, items }) =>
          fc.record({
            histories: integerCsr(users, 5),
            weights: integers(5 * items),
            seen: integerCsr(users, items),
            chosen: fc.array(fc.nat({ max: users - 1 }), { maxLength: 70 }),
            k: fc.integer({ min: 1, max: items + 2 }),
          })
        ),
        async ({ histories, weights, seen, chosen, k }) => {
          const args = { users: Uint32Array.from(chosen), seen, k };
          const rows = Array.from(
            { length: 5 },
            (_, row) =>
              Array.from(
                weights.subarray(row * seen.cols, (row + 1) * seen.cols),
              ),
          );
          assertEquals(
            await kernels.rankDense(histories, weights, args),
            await kernels.rankSparse(histories, fromDense(rows), args),
          );
        },
      ),
      { numRuns: 40 },
    );
  },
);

testEach(
  "rankDense() leaves out NaN and -Infinity, and counts NaN",
  async (kernels) => {
    const weights = Float32Array.of(NaN, 1, -Infinity, Infinity, NaN, 2);
    const ranking = await kernels.rankDense(fromDense([[1]]), weights, {
      users: Uint32Array.of(0),
      seen: fromDense([[null, null, null, null, 1, null]]),
      k: 4,
    });
    assertEquals(ranking.counts, Uint32Array.of(3));
    assertEquals(ranking.indices.subarray(0, 3), Uint32Array.of(3, 5, 1));
    assertEquals(ranking.nanCount, 1);
  },
);

testEach("rankDense() refuses weights of another size", async (kernels) => {
  await assertRejects(
    () =>
      kernels.rankDense(fromDense([[1]]), new Float32Array(3), {
        users: Uint32Array.of(0),
        seen: fromDense([[null, null]]),
        k: 1,
      }),
    RangeError,
    "Length of weights is 3, must be 2",
  );
});

testEach("products stop when they are aborted", async (kernels) => {
  const random = createRandom(1);
  const matrix = randomCsr(random, 50, 40, 0.5);
  const dense = randomFloats(random, 40 * 50);
  const signal = AbortSignal.abort(new Error("enough"));
  const args = { users: Uint32Array.of(0), seen: matrix, k: 1 };
  await assertRejects(
    () =>
      kernels.multiply({
        left: dense,
        right: dense,
        rows: 50,
        depth: 40,
        columns: 50,
      }, signal),
    Error,
    "enough",
  );
  await assertRejects(
    () => kernels.sparseTimesDense(matrix, dense, 50, signal),
    Error,
    "enough",
  );
  await assertRejects(
    () => kernels.rankDense(matrix, dense.subarray(0, 1600), args, signal),
    Error,
    "enough",
  );
});
