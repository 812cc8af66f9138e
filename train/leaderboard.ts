import type { Training } from "../core/recipe/recipe.ts";
import type { Params } from "./search/draw.ts";
import { learntParams, type Trial } from "./search/trial.ts";

/** How one algorithm did in a search. */
export interface LeaderboardRow {
  /** Name as in the recipe. */
  readonly algorithm: string;
  /** Its best score; null when no trial of it has one. */
  readonly score: number | null;
  /** What the trial with that score drew and learned; null when there is none. */
  readonly params: Params | null;
  /** Trials tried, those without a score included. */
  readonly trials: number;
  /** Wall time of all its trials. */
  readonly seconds: number;
}

/** One row for each algorithm that was tried, best first. */
export function leaderboard(
  trials: readonly Trial[],
  metric: Training["metric"],
): LeaderboardRow[] {
  const byAlgorithm = Map.groupBy(trials, ({ algorithm }) => algorithm.name);
  return [...byAlgorithm].map(([algorithm, own]) => {
    const scores = own.flatMap(({ evaluation }) => evaluation?.[metric] ?? []);
    const score = scores.length > 0 ? Math.max(...scores) : null;
    const best = own.find(({ evaluation }) => evaluation?.[metric] === score);
    return {
      algorithm,
      score,
      params: best ? learntParams(best) : null,
      trials: own.length,
      seconds: own.reduce((sum, { seconds }) => sum + seconds, 0),
    };
  }).sort((a, b) => (b.score ?? -1) - (a.score ?? -1));
}
