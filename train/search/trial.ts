import type { Algorithm } from "../../algorithms/algorithm.ts";
import type { Evaluation } from "../evaluate.ts";
import type { Params } from "./draw.ts";

/** One set of parameters to try. */
export interface PlannedTrial {
  /** Position in the study, from 0. */
  readonly number: number;
  /** What is learned. */
  readonly algorithm: Algorithm;
  /** What was drawn. */
  readonly params: Params;
}

/** A finished trial. */
export interface Trial extends PlannedTrial {
  /** `pruned`: stopped as hopeless or for its time limit, with the best score it had; `failed`: without a score. */
  readonly state: "complete" | "pruned" | "failed";
  /** Best validation scores, when there are any. */
  readonly evaluation: Evaluation | null;
  /** Epochs that gave the best score, for iterative learners. */
  readonly epochs: number | null;
  /** Wall time. */
  readonly seconds: number;
  /** Why it has no score, or was stopped. */
  readonly error: Error | null;
}

/** Name of the class of the trial's algorithm, as headers and events have it. */
export function className({ algorithm }: PlannedTrial): string {
  return `${algorithm.name}Recommender`;
}

/** What was drawn, and the number of epochs that the trial found best. */
export function learntParams({ algorithm, params, epochs }: Trial): Params {
  return {
    ...params,
    ...(algorithm.epochs && epochs !== null && { [algorithm.epochs]: epochs }),
  };
}

/** How many trials ran to their end. */
export function countCompleted(trials: readonly Trial[]): number {
  return trials.filter(({ state }) => state === "complete").length;
}
