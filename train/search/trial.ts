import type { Algorithm } from "../../algorithms/algorithm.ts";
import type { Params } from "./draw.ts";
import type { TrialOutcome } from "./trial_job.ts";

/** A finished trial. `pruned`: stopped as hopeless or for its time limit, with the best score it had. */
export interface Trial extends TrialOutcome {
  /** Position in the search, from 0. */
  readonly number: number;
  /** What was learned. */
  readonly algorithm: Algorithm;
  /** What was drawn. */
  readonly params: Params;
}

/** Name of the class of the trial's algorithm, as headers and events have it. */
export function className({ algorithm }: Pick<Trial, "algorithm">): string {
  return `${algorithm.name}Recommender`;
}

/** What was drawn, and the number of epochs that the trial found best. */
export function learntParams(
  { algorithm, params, epochs }: Pick<Trial, "algorithm" | "params" | "epochs">,
): Params {
  return {
    ...params,
    ...(algorithm.epochs && epochs !== null &&
      { [algorithm.epochs.param]: epochs }),
  };
}

/** How many trials ran to their end. */
export function countCompleted(trials: readonly Trial[]): number {
  return trials.filter(({ state }) => state === "complete").length;
}
