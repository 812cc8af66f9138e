import type { Random } from "../core/kernels/random.ts";
import type { Training } from "../core/recipe/recipe.ts";
import { bootstrapInterval, type ScoreInterval } from "./bootstrap_interval.ts";
import type { Evaluation, EvaluationByUser } from "./evaluate.ts";

/** An evaluation, and how sure its score is. */
export interface Measurement extends Evaluation {
  /** 95 % confidence interval of the metric that the recipe names. */
  readonly interval: ScoreInterval;
}

/**
 * Puts the interval of the score in place of the users' single scores.
 *
 * @param random The stream that the search's fits drew from, so that the same score has the same interval everywhere.
 */
export function measurement(
  { userScores, ...means }: EvaluationByUser,
  metric: Training["metric"],
  random: Random,
): Measurement {
  return {
    ...means,
    interval: bootstrapInterval(userScores[metric], random.fork("interval")),
  };
}
