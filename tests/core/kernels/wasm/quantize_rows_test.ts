import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import * as fc from "fast-check";
import { createRandom } from "../../../../core/kernels/create_random.ts";
import { createScoreKernels } from "../../../../core/kernels/create_score_kernels.ts";
import { KernelMemory } from "../../../../core/kernels/kernel_memory.ts";
import type { Random } from "../../../../core/kernels/random.ts";

const memory = new KernelMemory();
const kernels = createScoreKernels(memory.memory);

/** Rows of very different lengths, some with few numbers that are not 0. */
function uneven(random: Random, rows: number, factors: number): Float32Array {
  const items = memory.f32(rows * factors);
  for (let row = 0; row < rows; row++) {
    const scale = 10 ** (6 * random.float() - 3);
    for (let f = 0; f < factors; f++) {
      items[row * factors + f] = random.int(4) === 0
        ? 0
        : scale * random.normal();
    }
  }
  items.fill(0, 0, factors);
  return items;
}

function length(vector: Float32Array): number {
  return Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
}

Deno.test("QuantizedRows.bound() is never below a score, and above it by a few percent of both lengths", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 256, max: 300 }),
      fc.integer({ min: 1, max: 70 }),
      fc.nat(),
      (rows, factors, seed) => {
        const random = createRandom(seed);
        const items = uneven(random, rows, factors);
        const user = uneven(random, 1, factors);
        if (seed % 8 !== 0) {
          for (let f = 0; f < factors; f++) user[f] = random.normal();
        }
        using quantized = kernels.quantize(items, factors)!;
        const bounds = new Float32Array(rows);
        const scores = new Float32Array(rows);
        assert(quantized.bound(user, bounds));
        kernels.scoreFactors(user, items, factors, scores);
        const own = length(user);
        for (let row = 0; row < rows; row++) {
          const item = items.subarray(row * factors, (row + 1) * factors);
          const above = bounds[row]! - scores[row]!;
          assert(above >= 0, `bound is ${-above} too low`);
          // Half a step of each code, in every factor: √factors / 254 and √factors / 126 of the largest numbers.
          assert(above <= 0.025 * Math.sqrt(factors) * own * length(item));
        }
        memory.free(items, user);
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("QuantizedRows.bound() bounds within 3 % of both lengths where numbers are normal", () => {
  const random = createRandom(5);
  const items = memory.f32(1000 * 64);
  for (let n = 0; n < items.length; n++) items[n] = random.normal();
  const user = Float32Array.from({ length: 64 }, () => random.normal());
  using quantized = kernels.quantize(items, 64)!;
  const bounds = new Float32Array(1000);
  const scores = new Float32Array(1000);
  quantized.bound(user, bounds);
  kernels.scoreFactors(user, items, 64, scores);
  const most = Math.max(...bounds.map((bound, item) => bound - scores[item]!));
  assert(most > 0);
  assert(most < 0.03 * 64 * 1.3);
});

Deno.test("ScoreKernels.quantize() gives nothing for few rows, for rows elsewhere, and for numbers that are too large", () => {
  assertStrictEquals(kernels.quantize(memory.f32(255 * 3), 3), null);
  assertStrictEquals(kernels.quantize(new Float32Array(300 * 3), 3), null);
  const items = memory.f32(300 * 3);
  items[7] = 1e16;
  assertStrictEquals(kernels.quantize(items, 3), null);
});

Deno.test("QuantizedRows.bound() says when a vector is too long to be bounded", () => {
  const items = memory.f32(300 * 3).fill(1);
  using quantized = kernels.quantize(items, 3)!;
  const out = new Float32Array(300);
  assertEquals(quantized.bound(Float32Array.of(1e16, 0, 0), out), false);
  assertEquals(quantized.bound(Float32Array.of(1e14, 0, 0), out), true);
  assertEquals(quantized.bound(Float32Array.of(0, 0, 0), out), true);
});

Deno.test("QuantizedRows gives its memory back when it is disposed of", () => {
  const room = new KernelMemory();
  const own = createScoreKernels(room.memory);
  const items = room.f32(4096 * 16);
  own.quantize(items, 16)![Symbol.dispose]();
  const size = room.memory.buffer.byteLength;
  for (let n = 0; n < 20; n++) own.quantize(items, 16)![Symbol.dispose]();
  assertEquals(room.memory.buffer.byteLength, size);
});
