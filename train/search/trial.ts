import type { Algorithm } from "../../algorithms/algorithm.ts";
import type { Evaluation } from "../evaluate.ts";
import type { Params } from "./draw.ts";

/** One set of parameters to try. */
export interface PlannedTrial {
  /** Position in the study, from 0. */
  readonly number: number;
  readonly algorithm: Algorithm;
  /** What was drawn. */
  readonly params: Params;
}

/** A finished trial. */
export interface Trial extends PlannedTrial {
  /** `pruned`: stopped early, with the best score it had; `failed`: without a score. */
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
