import type { Algorithm } from "../../algorithms/algorithm.ts";
import type { Params } from "./draw.ts";
import type { TrialOutcome } from "./trial_job.ts";

/** A trial as a log has it. */
export interface LoggedTrial extends TrialOutcome {
  /** Name of the algorithm. */
  readonly algorithm: string;
  /** What was drawn. */
  readonly params: Params;
}

/** Keeps the trials of a search, so that one that was cut off goes on where it was. */
export interface TrialLog extends Disposable {
  /** The finished trial of this number, if there is one. */
  get(number: number): LoggedTrial | null;
  /** Keeps that a trial begins. */
  begin(
    number: number,
    algorithm: Algorithm,
    params: Params,
  ): Promise<StartedTrial>;
}

/** A trial that a log has the beginning of. */
export interface StartedTrial {
  /** Keeps its result. */
  end(outcome: TrialOutcome): Promise<void>;
}

/** Keeps nothing. */
export const NO_LOG: TrialLog = {
  get: () => null,
  begin: () => Promise.resolve({ end: () => Promise.resolve() }),
  [Symbol.dispose]() {},
};
