import type { Dimension, SearchSpace } from "../../algorithms/algorithm.ts";
import type { Random } from "../../core/kernels/random.ts";

/** Parameter values of one trial. */
export type Params = Readonly<Record<string, string | number | boolean>>;

/** Draws every parameter of `space` uniformly, in log space where the dimension says so. */
export function drawParams(space: SearchSpace, random: Random): Params {
  return Object.fromEntries(
    Object.entries(space).map((
      [name, dimension],
    ) => [name, drawValue(dimension, random)]),
  );
}

function drawValue(
  dimension: Dimension,
  random: Random,
): string | number | boolean {
  if (dimension.type === "categorical") {
    return dimension.choices[random.int(dimension.choices.length)]!;
  }
  const { low, high, log } = dimension;
  if (dimension.type === "int" && !log) return low + random.int(high - low + 1);
  if (!log) return low + random.float() * (high - low);
  // Half a step beyond both ends, so that rounding gives the end values their full share.
  const margin = dimension.type === "int" ? 0.5 : 0;
  const value = Math.exp(
    Math.log(low - margin) +
      random.float() * (Math.log(high + margin) - Math.log(low - margin)),
  );
  return Math.min(
    high,
    Math.max(low, dimension.type === "int" ? Math.round(value) : value),
  );
}
