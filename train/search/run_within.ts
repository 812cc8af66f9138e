import type {
  Algorithm,
  Cost,
  MatrixShape,
} from "../../algorithms/algorithm.ts";
import type { Events } from "../../core/config/events.ts";
import { trialCost } from "./estimate.ts";
import { failedOutcome } from "./failed_outcome.ts";
import type { TrialJob, TrialOutcome } from "./trial_job.ts";
import type { RunOptions } from "./trial_pool.ts";

/** Kernels work in one 32-bit memory. */
export const MOST_TRIAL_BYTES: number = 2 ** 32;

const MIB = 2 ** 20;

/** What a trial is estimated by. */
export interface RunWithinOptions {
  readonly algorithms: readonly Algorithm[];
  /** Extent of the matrix that trials are fitted on. */
  readonly shape: MatrixShape;
  /** Memory that a trial may take beyond the matrix. */
  readonly bytes: number;
  readonly events: Events;
}

type RunTrial = (job: TrialJob, options: RunOptions) => Promise<TrialOutcome>;

/**
 * Estimates each trial before it starts: tells of it (`trial_started`, for those who look on), and runs none that needs
 * more memory than it may take. Such a trial has failed, without having been tried.
 */
export function runWithin(
  run: RunTrial,
  { algorithms, shape, bytes: most, events }: RunWithinOptions,
): RunTrial {
  return async (job, options) => {
    const algorithm = algorithms.find(({ name }) => name === job.algorithm)!;
    const cost = costOf(algorithm, job, shape);
    events.debug("trial_started", {
      trial: job.number,
      algorithm: job.algorithm,
      bytes: cost?.bytes ?? null,
      flops: cost?.flops ?? null,
    });
    return cost === null || cost.bytes <= most
      ? await run(job, options)
      : failedOutcome(
        `Not tried: needs about ${mebibytes(cost.bytes)}, more than the ${
          mebibytes(most)
        } that a trial may take (RECOTEM_MAX_MEMORY_BYTES over training.parallelism, 4 GiB at most)`,
      );
  };
}

/** What a trial costs; null when its parameters are not usable, which its fit will tell in its own words. */
function costOf(
  algorithm: Algorithm,
  { params }: TrialJob,
  shape: MatrixShape,
): Cost | null {
  try {
    return trialCost(algorithm, params, shape);
  } catch {
    return null;
  }
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / MIB).toLocaleString("en")} MiB`;
}
