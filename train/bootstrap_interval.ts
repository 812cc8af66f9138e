import type { Random } from "../core/kernels/random.ts";

/** Where a mean may as well have been: the lower end and the upper one. */
export type ScoreInterval = readonly [low: number, high: number];

/** Resamples: enough for two digits of a percentile. */
const RESAMPLES = 1000;
/** Share of the resampled means that lie outside, half of it on each side. */
const OUTSIDE = 0.05;
const WORDS = 2 ** 32;

/**
 * The 95 % confidence interval of a mean over users: the percentiles of the means of 1,000 samples of as many users, drawn
 * with replacement. It tells how far other users of the same kind would have moved the score; not what another split or
 * another seed of the learner would have done, nor that the best of many trials is better than it will be.
 *
 * About 2 ns per user and sample: 10 ms for 4,000 users. [0, 0] for no users.
 *
 * Efron, Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.
 *
 * @param values One per user.
 *
 * @example
 * ```ts
 * import { bootstrapInterval } from "./bootstrap_interval.ts";
 * import { createRandom } from "../core/kernels/create_random.ts";
 * import { assert } from "@std/assert";
 *
 * const hits = Float64Array.from({ length: 100 }, (_, user) => user < 30 ? 1 : 0);
 * const [low, high] = bootstrapInterval(hits, createRandom(1));
 * assert(low > 0.18 && low < 0.3 && high > 0.3 && high < 0.42);
 * ```
 */
export function bootstrapInterval(
  values: Float64Array,
  random: Random,
): ScoreInterval {
  const count = values.length;
  if (count === 0) return [0, 0];
  const means = new Float64Array(RESAMPLES);
  for (let n = 0; n < RESAMPLES; n++) {
    means[n] = sumOfSample(values, 1 + random.int(WORDS - 1)) / count;
  }
  means.sort();
  return [quantile(means, OUTSIDE / 2), quantile(means, 1 - OUTSIDE / 2)];
}

/**
 * Sum of as many values as there are, drawn with replacement. The stream is xorshift32 (Marsaglia 2003), ten times as fast
 * as a better one: here only the mean of many draws counts.
 *
 * @param seed Not 0.
 */
function sumOfSample(values: Float64Array, seed: number): number {
  const scale = values.length / WORDS;
  let word = seed;
  let sum = 0;
  for (let n = 0; n < values.length; n++) {
    word ^= word << 13;
    word ^= word >>> 17;
    word ^= word << 5;
    sum += values[Math.floor((word >>> 0) * scale)]!;
  }
  return sum;
}

/** Linearly interpolated between the two nearest of the sorted values. */
function quantile(sorted: Float64Array, q: number): number {
  const position = (sorted.length - 1) * q;
  const below = sorted[Math.floor(position)]!;
  const above = sorted[Math.ceil(position)]!;
  return below + (above - below) * (position - Math.floor(position));
}
