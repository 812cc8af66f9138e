import type { Events } from "../../core/config/events.ts";
import { RecotemError } from "../../core/errors.ts";
import type { Training } from "../../core/recipe/recipe.ts";
import { countCompleted, type Trial } from "./trial.ts";

/**
 * The trial with the best score, of equal ones the first.
 *
 * @throws {RecotemError} `no_completed_trials` when no trial has a score, `zero_score` when the best score is 0 (but for
 * the metric `hit`, where that is a warning).
 */
export function bestTrial(
  trials: readonly Trial[],
  { metric, timeout_seconds }: Training,
  events: Events,
): Trial {
  let best: Trial | null = null;
  for (const trial of trials) {
    if (trial.evaluation === null) continue;
    if (!best || trial.evaluation[metric] > best.evaluation![metric]) {
      best = trial;
    }
  }
  if (best === null) {
    const error = trials.find((trial) => trial.error)?.error;
    throw new RecotemError(
      "no_completed_trials",
      error === undefined
        ? `No trial ended within training.timeout_seconds, ${timeout_seconds} s; give it more time`
        : trials.length === 1
        ? `The only trial gave no score; it failed with: ${error}`
        : `None of ${trials.length} trials gave a score; the first failed with: ${error}`,
    );
  }
  if (best.evaluation![metric] === 0) {
    if (metric !== "hit") {
      throw new RecotemError(
        "zero_score",
        `The best ${metric} of ${trials.length} trials is 0: no held-out interaction was found; use more data, a larger cutoff or another split`,
      );
    }
    events.warn("zero_score_hit_metric", {
      n_completed: countCompleted(trials),
    });
  }
  return best;
}
