import type { Dimension } from "../../../../algorithms/algorithm.ts";
import type { Random } from "../../../../core/kernels/random.ts";

/**
 * Draws an internal value uniformly, in logarithms where the dimension is logarithmic: one number from the stream for a
 * numeric dimension, one per choice for a categorical one (the choice with the largest wins). An integer gets the
 * interval half a step to both sides.
 */
export function uniformValue(
  dimension: Dimension,
  random: Pick<Random, "float">,
): number {
  if (dimension.type === "categorical") {
    const draws = dimension.choices.map(() => random.float());
    return draws.indexOf(Math.max(...draws));
  }
  const { type, low, high, log } = dimension;
  const halfStep = type === "int" ? 0.5 : 0;
  const [from, to] = [low - halfStep, high + halfStep]
    .map((end) => log ? Math.log(end) : end) as [number, number];
  const drawn = from + random.float() * (to - from);
  const value = log ? Math.exp(drawn) : drawn;
  return Math.min(
    high,
    Math.max(low, type === "int" ? Math.round(value) : value),
  );
}
