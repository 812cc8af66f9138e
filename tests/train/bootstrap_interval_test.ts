import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { createRandom } from "../../core/kernels/create_random.ts";
import type { Random } from "../../core/kernels/random.ts";
import { bootstrapInterval } from "../../train/bootstrap_interval.ts";

for (
  const [ones, users, expected] of [
    // 2.5 % and 97.5 % quantiles of the binomial distribution.
    [30, 100, [21, 39]],
    [10, 20, [6, 14]],
    [2, 50, [0, 5]],
  ] as const
) {
  Deno.test(`bootstrapInterval() of ${ones} hits in ${users} users is that of the binomial distribution`, () => {
    const hits = Float64Array.from(
      { length: users },
      (_, user) => user < ones ? 1 : 0,
    );
    for (let seed = 0; seed < 20; seed++) {
      const interval = bootstrapInterval(hits, createRandom(seed));
      // One user more or less: 1,000 samples tell a percentile no better.
      for (const [n, end] of interval.entries()) {
        assertAlmostEquals(end, expected[n]! / users, 1 / users + 1e-9);
      }
    }
  });
}

Deno.test("bootstrapInterval() of two users reaches from the one to the other", () => {
  const values = Float64Array.of(0.25, 0.75);
  assertEquals(bootstrapInterval(values, createRandom(1)), [0.25, 0.75]);
});

Deno.test("bootstrapInterval() has no width where all users are alike, and where there is one or none", () => {
  const alike = new Float64Array(50).fill(0.5);
  assertEquals(bootstrapInterval(alike, createRandom(1)), [0.5, 0.5]);
  const one = Float64Array.of(0.3);
  assertEquals(bootstrapInterval(one, createRandom(1)), [0.3, 0.3]);
  const none = new Float64Array();
  assertEquals(bootstrapInterval(none, createRandom(1)), [0, 0]);
});

Deno.test("bootstrapInterval() is the same for the same seed, in order and within what the users have", () => {
  const users = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
    minLength: 1,
    maxLength: 60,
  });
  fc.assert(fc.property(users, fc.nat(), (list, seed) => {
    const values = Float64Array.from(list);
    const interval = bootstrapInterval(values, createRandom(seed));
    assertEquals(bootstrapInterval(values, createRandom(seed)), interval);
    const [low, high] = interval;
    const rounding = 1e-12;
    assert(low <= high);
    assert(low >= Math.min(...values) - rounding);
    assert(high <= Math.max(...values) + rounding);
  }));
});

/** A score as users have them: often none, else anything. Its mean is 0.2. */
function score(random: Random): number {
  return random.float() < 0.6 ? 0 : random.float();
}

Deno.test("bootstrapInterval() holds the true mean 95 times of 100, and each side misses about as often", () => {
  const runs = 1000;
  let below = 0;
  let above = 0;
  for (let run = 0; run < runs; run++) {
    const random = createRandom(run);
    const users = Float64Array.from({ length: 200 }, () => score(random));
    const [low, high] = bootstrapInterval(users, random.fork("interval"));
    if (high < 0.2) below++;
    if (low > 0.2) above++;
  }
  // Three standard deviations of 50 of 1,000 are 21; of a skewed score the percentiles miss a little more often.
  assert(Math.abs(below + above - 50) <= 21, `${below} + ${above}`);
  assert(below > 10 && above > 10, `${below} + ${above}`);
});
