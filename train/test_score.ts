import type { Training } from "../core/recipe/recipe.ts";
import type { WeightFormat } from "./compress_model.ts";
import { fitAndScore } from "./fit_and_score.ts";
import type { Measurement } from "./measurement.ts";
import type { RefitContext } from "./refit.ts";
import { scorePopularity } from "./score_popularity.ts";
import type { Trial } from "./search/trial.ts";
import type { SplitResult } from "./split.ts";

/** Scores on interactions that no trial has seen. */
export interface TestScore {
  /** Of the best trial's model, as it is kept in the artifact. */
  readonly best: Measurement;
  /** Of the list of the most popular items. */
  readonly popularity: Measurement;
}

/**
 * Scores the best trial's parameters on what the split set aside, once. The score of the search is that of the best of
 * many trials on the same interactions, and so on average too high; this one is not, because nothing was chosen by it.
 * The model is fitted as the trials were, but on what they were scored on too: close to the model that is published, and
 * having learned from more, it may well score higher than in the search.
 *
 * @param format As for {@linkcode fitAndScore}.
 */
export async function testScore(
  best: Trial,
  test: SplitResult,
  format: WeightFormat | null,
  training: Training,
  context: RefitContext,
): Promise<TestScore> {
  const score = {
    best: await fitAndScore(best, test, format, training, context),
    popularity: await scorePopularity(test, training, context),
  };
  context.events.info("test_scored", {
    test_score: score.best[training.metric],
    test_score_interval: score.best.interval,
    popularity_score: score.popularity[training.metric],
    n_users: score.best.users,
  });
  return score;
}
