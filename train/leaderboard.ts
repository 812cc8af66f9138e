import type { Training } from "../core/recipe/recipe.ts";
import type { ScoreInterval } from "./bootstrap_interval.ts";
import type { ListDiversity } from "./list_diversity.ts";
import type { Params } from "./search/draw.ts";
import { learntParams, type Trial } from "./search/trial.ts";

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
  return [...byAlgorithm].map(([algorithm, own]): LeaderboardRow => {
    const trial = own.reduce<Trial | null>(
      (best, trial) =>
        trial.evaluation &&
          !(best && best.evaluation![metric] >= trial.evaluation[metric])
          ? trial
          : best,
      null,
    );
    const best = trial && trial.evaluation;
    return {
      algorithm,
      score: best && best[metric],
      interval: best && best.interval,
      diversity: best && {
        coverage: best.coverage,
        novelty: best.novelty,
        gini: best.gini,
      },
      params: trial && learntParams(trial),
      trials: own.length,
      seconds: own.reduce((sum, { seconds }) => sum + seconds, 0),
    };
  }).sort((a, b) => (b.score ?? -1) - (a.score ?? -1));
}
