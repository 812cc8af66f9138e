import {
  assert,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { createRandom } from "../../../core/kernels/create_random.ts";
import type { Random } from "../../../core/kernels/random.ts";

/** Words of the stream, through the public door: a bound of 2^32 rejects nothing. */
function words(random: Random, n: number): number[] {
  return Array.from({ length: n }, () => random.int(2 ** 32));
}

/** xoshiro128** and SplitMix64 written out with big integers, after their authors' C. */
function expectedWords(seed: bigint, n: number): number[] {
  const low = (word: bigint, bits = 32) => BigInt.asUintN(bits, word);
  const rotate = (word: bigint, by: bigint) =>
    low((word << by) | (word >> (32n - by)));
  const split = [1n, 2n].map((step) => {
    let z = low(seed + step * 0x9e3779b97f4a7c15n, 64);
    z = low((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n, 64);
    z = low((z ^ (z >> 27n)) * 0x94d049bb133111ebn, 64);
    return z ^ (z >> 31n);
  });
  const s = split.flatMap((word) => [low(word), word >> 32n]) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  return Array.from({ length: n }, () => {
    const result = low(rotate(low(s[1] * 5n), 7n) * 9n);
    const t = low(s[1] << 9n);
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 11n);
    return Number(result);
  });
}

Deno.test("createRandom() is xoshiro128** seeded by SplitMix64", () => {
  for (const seed of [0, 1, 42, 1234567, -1, Number.MAX_SAFE_INTEGER]) {
    assertEquals(
      words(createRandom(seed), 100),
      expectedWords(BigInt.asUintN(64, BigInt(seed)), 100),
    );
  }
});

Deno.test("createRandom() gives these numbers on every machine", () => {
  const random = createRandom(42);
  assertEquals([random.float(), random.float()], [
    0.4137016681565887,
    0.003983993377814743,
  ]);
  assertEquals([random.int(10), random.int(1000)], [3, 222]);
  assertEquals([random.normal(), random.normal(), random.normal()], [
    0.5139502722128898,
    0.9205553006494221,
    0.6206454838240731,
  ]);
  assertEquals(random.fork("trial 1").float(), 0.8377472217029118);
});

Deno.test("Random.fork() depends on seed and label, not on what was drawn", () => {
  const fresh = createRandom(7);
  const used = createRandom(7);
  words(used, 5);
  assertEquals(words(fresh.fork("a"), 9), words(used.fork("a"), 9));
  assertNotEquals(words(fresh.fork("a"), 9), words(fresh.fork("b"), 9));
  assertNotEquals(
    words(fresh.fork("a"), 9),
    words(createRandom(8).fork("a"), 9),
  );
  assertNotEquals(words(fresh.fork("a"), 9), words(createRandom(7), 9));
});

Deno.test("Random.int() favours no residue", () => {
  const random = createRandom(3);
  // Of the bounds, the one that a biased draw would show most clearly: 3 · 2^30 leaves a quarter of the words over.
  const bound = 3 * 2 ** 30;
  const thirds = [0, 0, 0];
  for (let i = 0; i < 30000; i++) {
    thirds[Math.floor(random.int(bound) / 2 ** 30)]!++;
  }
  for (const count of thirds) {
    assert(Math.abs(count - 10000) < 400, `${thirds}`);
  }
});

Deno.test("Random.int() refuses a bound that is not from 1 to 2^32", () => {
  const random = createRandom(3);
  for (const bound of [0, -1, 1.5, NaN, 2 ** 32 + 1]) {
    assertThrows(() => random.int(bound), RangeError, "must be an integer");
  }
});

Deno.test("Random.normal() has mean 0, variance 1 and the tails of a normal", () => {
  const random = createRandom(5);
  const draws = Array.from({ length: 40000 }, () => random.normal());
  const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
  const variance = draws.reduce((sum, x) => sum + x * x, 0) / draws.length;
  const beyondTwo = draws.filter((x) => Math.abs(x) > 2).length / draws.length;
  assert(Math.abs(mean) < 0.02, `${mean}`);
  assert(Math.abs(variance - 1) < 0.03, `${variance}`);
  assert(Math.abs(beyondTwo - 0.0455) < 0.005, `${beyondTwo}`);
});

Deno.test("createRandom() refuses a seed that is not a safe integer", () => {
  assertThrows(() => createRandom(0.5), RangeError, "safe integer");
});
