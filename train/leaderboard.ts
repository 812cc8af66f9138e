import type { Training } from "../core/recipe/recipe.ts";
import type { ScoreInterval } from "./bootstrap_interval.ts";
import type { ListDiversity } from "./list_diversity.ts";
import type { Measurement } from "./measurement.ts";
import type { Trial } from "./search/trial.ts";

/** How one algorithm did in a search. */
export interface LeaderboardRow {
  /** Name as in the recipe. */
  readonly algorithm: string;
  /** Its best score; null when no trial of it has one. */
  readonly score: number | null;
  /** 95 % confidence interval of that score. */
  readonly interval: ScoreInterval | null;
  /** What the lists of its best trial are made of; null when no trial of it has any. */
  readonly diversity: ListDiversity | null;
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
  return [...byAlgorithm].map(([algorithm, own]): LeaderboardRow => {
    const best = own.reduce<Measurement | null>(
      (best, { evaluation }) =>
        evaluation && !(best && best[metric] >= evaluation[metric])
          ? evaluation
          : best,
      null,
    );
    return {
      algorithm,
      score: best && best[metric],
      interval: best && best.interval,
      diversity: best && {
        coverage: best.coverage,
        novelty: best.novelty,
        gini: best.gini,
      },
      trials: own.length,
      seconds: own.reduce((sum, { seconds }) => sum + seconds, 0),
    };
  }).sort((a, b) => (b.score ?? -1) - (a.score ?? -1));
}
