import type { Algorithm, FitContext } from "../../algorithms/algorithm.ts";
import type { RecotemError } from "../../core/errors.ts";
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

/** How a trial ended. `pruned`: stopped by its time limit with a score; `failed`: no score. */
export type TrialState = "complete" | "pruned" | "failed";

/** A finished trial. */
export interface Trial extends PlannedTrial {
  readonly state: TrialState;
  /** Best validation scores, when there are any. */
  readonly evaluation: Evaluation | null;
  /** Epochs that gave the best score, for iterative learners. */
  readonly epochs: number | null;
  /** Wall time. */
  readonly seconds: number;
  /** Why it failed. */
  readonly error: Error | null;
}

/** What trials share: everything of a {@linkcode FitContext} that does not belong to one trial. */
export type TrialContext = Pick<FitContext, "kernels" | "shared" | "warn">;

/** Raised errors that end the search instead of one trial. */
export type SearchError = RecotemError;
