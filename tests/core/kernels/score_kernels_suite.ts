/** What every implementation of the serving kernels must do. */
import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import { createRandom } from "../../../core/kernels/create_random.ts";
import type { Memory, ScoreKernels } from "../../../core/kernels/kernels.ts";
import {
  fromDense,
  integerCsr,
  integers,
  randomCsr,
  randomFloats,
} from "./matrices.ts";

/** Registers the suite under a name; `memory` is where the models lie, `vectors` where everything else does. */
export function testScoreKernels(
  name: string,
  kernels: ScoreKernels,
  memory: Memory,
  vectors: Memory,
): void {
  function place(to: Memory, values: ArrayLike<number>): Float32Array {
    const array = to.f32(values.length);
    array.set(values);
    return array;
  }
  function placeIndices(to: Memory, values: ArrayLike<number>): Uint32Array {
    const array = to.u32(values.length);
    array.set(values);
    return array;
  }

  Deno.test(`${name}: scoreFactors() of integers is exact for every size`, () => {
    fc.assert(
      fc.property(
        fc.record({
          items: fc.integer({ min: 0, max: 11 }),
          factors: fc.integer({ min: 1, max: 21 }),
        }).chain(({ items, factors }) =>
          fc.record({
            user: integers(factors),
            items: integers(items * factors),
            count: fc.constant(items),
          })
        ),
        ({ user, items, count }) => {
          const out = vectors.f32(count);
          const placed = place(memory, items);
          const query = place(vectors, user);
          kernels.scoreFactors(query, placed, user.length, out);
          for (let item = 0; item < count; item++) {
            let sum = 0;
            user.forEach((x, f) => sum += x * items[item * user.length + f]!);
            assertEquals(out[item]! + 0, sum + 0);
          }
          memory.free(placed);
          vectors.free(query, out);
        },
      ),
    );
  });

  Deno.test(`${name}: scoreFactors() of real numbers stays within rounding`, () => {
    const random = createRandom(2);
    const items = place(memory, randomFloats(random, 100 * 128));
    const user = place(vectors, randomFloats(random, 128));
    const out = vectors.f32(100);
    kernels.scoreFactors(user, items, 128, out);
    out.forEach((score, item) => {
      let sum = 0;
      user.forEach((x, f) => sum += x * items[item * 128 + f]!);
      assertAlmostEquals(score, sum, 1e-5);
    });
  });

  Deno.test(`${name}: scoreSome() gives the bits of scoreFactors()`, () => {
    const random = createRandom(3);
    for (const factors of [1, 4, 7, 16, 33]) {
      const items = place(memory, randomFloats(random, 50 * factors));
      const user = place(vectors, randomFloats(random, factors));
      const all = vectors.f32(50);
      kernels.scoreFactors(user, items, factors, all);
      for (const which of [[], [49], [3, 0, 3, 17, 20], [1, 2, 3, 4]]) {
        const some = vectors.f32(which.length);
        const placed = placeIndices(vectors, which);
        kernels.scoreSome(user, items, factors, placed, some);
        assertEquals([...some], which.map((item) => all[item]!));
      }
    }
  });

  Deno.test(`${name}: scoreSome() refuses an item that is not there`, () => {
    const items = place(memory, [1, 2]);
    const user = place(vectors, [1]);
    assertThrows(
      () =>
        kernels.scoreSome(user, items, 1, Uint32Array.of(2), vectors.f32(1)),
      RangeError,
      "An item is 2, must be below 2",
    );
  });

  Deno.test(`${name}: atLeast() lists what reaches a score, in order`, () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.integer({ min: -3, max: 3 }),
            fc.constantFrom(NaN, -Infinity),
          ),
          { maxLength: 80 },
        ),
        fc.integer({ min: -3, max: 3 }),
        (values, least) => {
          const scores = place(vectors, values);
          assertEquals(
            [...kernels.atLeast(scores, least)],
            [...values.keys()].filter((at) => values[at]! >= least),
          );
          vectors.free(scores);
        },
      ),
    );
  });

  Deno.test(`${name}: scores() is room of the length that is asked for`, () => {
    for (const length of [3, 70, 0, 3]) {
      const scores = kernels.scores(length);
      assertEquals(scores.length, length);
      scores.fill(length);
    }
  });

  Deno.test(`${name}: scoreSparse() adds up weighted rows, whatever out held`, () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }).chain((cols) => integerCsr(6, cols)),
        fc.array(fc.record({ item: fc.nat({ max: 5 }), weight: fc.nat() })),
        (given, history) => {
          const matrix = {
            ...given,
            indptr: placeIndices(memory, given.indptr),
            indices: placeIndices(memory, given.indices),
            values: place(memory, given.values),
          };
          const items = placeIndices(vectors, history.map(({ item }) => item));
          const weights = place(vectors, history.map((h) => h.weight % 4));
          const out = vectors.f32(matrix.cols).fill(NaN);
          kernels.scoreSparse(items, weights, matrix, out);
          const expected = new Float32Array(matrix.cols);
          items.forEach((item, h) => {
            for (
              let p = given.indptr[item]!;
              p < given.indptr[item + 1]!;
              p++
            ) {
              expected[given.indices[p]!]! += weights[h]! * given.values[p]!;
            }
          });
          assertEquals([...out].map((x) => x + 0), [...expected]);
          memory.free(matrix.indptr, matrix.indices, matrix.values);
          vectors.free(items, weights, out);
        },
      ),
    );
  });

  Deno.test(`${name}: scoreSparse() refuses an item that is not there`, () => {
    const matrix = fromDense([[1]]);
    assertThrows(
      () =>
        kernels.scoreSparse(
          Uint32Array.of(1),
          Float32Array.of(1),
          {
            ...matrix,
            indices: placeIndices(memory, [0]),
            values: place(memory, [1]),
          },
          new Float32Array(1),
        ),
      RangeError,
      "An item is 1, must be below 1",
    );
  });

  for (const array of [Float16Array, Int8Array]) {
    Deno.test(`${name}: scoreSparse() adds up rows of ${array.name} times their scales`, () => {
      const random = createRandom(4);
      const given = randomCsr(random, 6, 90, 0.5, () => random.normal());
      // Bytes of kernel memory, so that they lie where the other tensors of a model lie.
      const room = memory.f32(given.values.length);
      const { buffer, byteOffset, length } = room;
      const values = array === Int8Array
        ? new Int8Array(buffer, byteOffset, length)
        : new Float16Array(buffer, byteOffset, length);
      const largest = array === Int8Array ? 40 : 1;
      values.set(given.values.map((value) => largest * value));
      if (array === Float16Array) {
        // The least and the largest of the type, one of each sign.
        values.set([2 ** -24, -(2 ** -15), 65504, -0], 0);
      }
      const scales = place(memory, [0.5, 1, 1e-3, 7, 0, 2]);
      const matrix = {
        ...given,
        indptr: placeIndices(memory, given.indptr),
        indices: placeIndices(memory, given.indices),
        values,
        scales,
      };
      const items = placeIndices(vectors, [0, 2, 3, 4, 3]);
      const weights = place(vectors, [1, -2, 0.5, 3, 1]);
      const out = vectors.f32(90).fill(NaN);
      kernels.scoreSparse(items, weights, matrix, out);
      const expected = new Float64Array(90);
      const sizes = new Float64Array(90);
      items.forEach((item, h) => {
        for (let p = given.indptr[item]!; p < given.indptr[item + 1]!; p++) {
          const part = weights[h]! * scales[item]! * values[p]!;
          expected[given.indices[p]!]! += part;
          sizes[given.indices[p]!]! += Math.abs(part);
        }
      });
      out.forEach((score, j) =>
        assertAlmostEquals(score, expected[j]!, 1e-6 * sizes[j]!)
      );
      memory.free(matrix.indptr, matrix.indices, room, scales);
      vectors.free(items, weights, out);
    });
  }

  Deno.test(`${name}: scoreDense() adds up weighted rows, whatever out held`, () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 75 }).chain((cols) => integers(6 * cols)),
        fc.array(fc.record({ item: fc.nat({ max: 5 }), weight: fc.nat() })),
        (given, history) => {
          const cols = given.length / 6;
          const matrix = place(memory, given);
          const items = placeIndices(vectors, history.map(({ item }) => item));
          const weights = place(vectors, history.map((h) => h.weight % 4));
          const out = vectors.f32(cols).fill(NaN);
          kernels.scoreDense(items, weights, matrix, out);
          out.forEach((score, j) => {
            const expected = items.reduce(
              (sum, item, h) => sum + weights[h]! * given[item * cols + j]!,
              0,
            );
            assertEquals(score + 0, expected + 0);
          });
          memory.free(matrix);
          vectors.free(items, weights, out);
        },
      ),
    );
  });

  Deno.test(`${name}: scoreDense() refuses an item that is not there`, () => {
    assertThrows(
      () =>
        kernels.scoreDense(
          Uint32Array.of(2),
          Float32Array.of(1),
          place(memory, [1, 2]),
          new Float32Array(1),
        ),
      RangeError,
      "An item is 2, must be below 2",
    );
  });

  Deno.test(`${name}: topK() sorts the best finite scores, ties by lower index`, () => {
    const score = fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: -3, max: 3 }) },
      { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity) },
    );
    fc.assert(
      fc.property(
        fc.array(score, { maxLength: 120 }),
        fc.integer({ min: 1, max: 130 }),
        (given, k) => {
          const scores = place(vectors, given);
          const indices = vectors.u32(k);
          const values = vectors.f32(k);
          const count = kernels.topK(scores, k, indices, values);
          const best = given.map((value, index) => ({ value, index }))
            .filter(({ value }) => Number.isFinite(value))
            .sort((a, b) => b.value - a.value || a.index - b.index)
            .slice(0, k);
          assertEquals(
            [...indices.subarray(0, count)],
            best.map(({ index }) => index),
          );
          assertEquals(
            [...values.subarray(0, count)],
            best.map(({ value }) => value),
          );
          assertEquals(
            indices.subarray(count),
            new Uint32Array(k - count),
            "nothing is written behind the results",
          );
          vectors.free(scores, indices, values);
        },
      ),
      { numRuns: 200 },
    );
  });

  Deno.test(`${name}: topK() finds the best of tens of thousands`, () => {
    const random = createRandom(9);
    const scores = place(vectors, randomFloats(random, 41001));
    const indices = vectors.u32(10);
    const values = vectors.f32(10);
    assertEquals(kernels.topK(scores, 10, indices, values), 10);
    const sorted = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]!);
    assertEquals([...indices], sorted.slice(0, 10));
  });

  Deno.test(`${name}: topK() refuses results without room`, () => {
    assertThrows(
      () =>
        kernels.topK(
          new Float32Array(3),
          3,
          new Uint32Array(2),
          new Float32Array(3),
        ),
      RangeError,
      "Room for results is 2 and 3, must be at least 3",
    );
  });
}
