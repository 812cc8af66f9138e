import type { Params } from "./draw.ts";
import type { StudyTrial } from "./study_trial.ts";

/**
 * Chooses the parameters of one algorithm, trial by trial. It knows the trials of its own study and nothing of other
 * algorithms, so that equal names of parameters and the order of the queue make no difference.
 */
export interface Sampler {
  /**
   * Parameters for the next trial, or null when there is nothing more that is worth a trial.
   *
   * @param trials All trials of the study so far, those that still run included, in any order.
   */
  ask(trials: readonly StudyTrial[]): Params | null;
}
