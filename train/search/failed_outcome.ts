import type { TrialOutcome } from "./trial_job.ts";

/** The outcome of a trial that was not run, and why. */
export function failedOutcome(error: string): TrialOutcome {
  return {
    state: "failed",
    evaluation: null,
    epochs: null,
    curve: new Map(),
    seconds: 0,
    error,
  };
}
