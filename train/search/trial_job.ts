/**
 * What the search and the workers that run its trials say to each other.
 *
 * @module
 */
import type { Csr } from "../../core/kernels/csr.ts";
import type { Training } from "../../core/recipe/recipe.ts";
import type { EvaluationByUser } from "../evaluate.ts";
import type { Measurement } from "../measurement.ts";
import type { Params } from "./draw.ts";

/** What every trial of a search works with; its arrays lie in shared memory. */
export interface TrialSetting {
  readonly fit: Csr;
  readonly heldOut: Csr;
  readonly metric: Training["metric"];
  readonly cutoff: number;
  /** What is kept of models with a weight for every pair of items: they are scored as they would be published. */
  readonly weights: Training["weights"];
  /** Seeds the fits. */
  readonly seed: number;
  /** Kernel threads of each worker. */
  readonly threads: number;
  /** Where each worker's kernels compute dense matrices. */
  readonly device: "cpu" | "gpu";
  /** How they round. */
  readonly arithmetic: Training["arithmetic"];
}

/** One trial to run. */
export interface TrialJob {
  /** Position in the search, from 0. */
  readonly number: number;
  /** Canonical name of the algorithm. */
  readonly algorithm: string;
  readonly params: Params;
  /** By epoch, the best score so far below which an iterative learner is stopped; empty: none. */
  readonly hopelessBelow: ReadonlyMap<number, number>;
}

/** How a trial went. */
export interface TrialOutcome {
  /** `pruned`: stopped as hopeless or for its time limit, with the best score it had; `failed`: without a score. */
  readonly state: "complete" | "pruned" | "failed";
  /** Best validation scores, when there are any. */
  readonly evaluation: Measurement | null;
  /** Epochs that gave the best score, for iterative learners. */
  readonly epochs: number | null;
  /** Score after each epoch that was scored. */
  readonly curve: ReadonlyMap<number, number>;
  /** Wall time. */
  readonly seconds: number;
  /** Most kernel memory in use at once, the data included; absent where it was not counted. */
  readonly peakBytes?: number;
  /** Why it has no score, or was stopped. */
  readonly error: string | null;
}

/** What a trial is known to have reached while it runs. */
export interface TrialProgress {
  readonly evaluation: EvaluationByUser;
  readonly epochs: number;
  readonly curve: ReadonlyMap<number, number>;
}

/** From the search to a worker. */
export type TrialRequest =
  | { readonly type: "start"; readonly setting: TrialSetting }
  | { readonly type: "run"; readonly job: TrialJob }
  | { readonly type: "stop" };

/** From a worker to the search. */
export type TrialReply =
  | { readonly type: "ready" }
  | { readonly type: "progress"; readonly progress: TrialProgress }
  | {
    readonly type: "warning";
    readonly event: string;
    readonly fields: Readonly<Record<string, unknown>>;
  }
  | { readonly type: "done"; readonly outcome: TrialOutcome }
  | { readonly type: "stopped" }
  | { readonly type: "broken"; readonly error: string };
