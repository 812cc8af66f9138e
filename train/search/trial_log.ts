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

/** What a trial tries. */
export interface TrialChoice {
  readonly algorithm: Algorithm;
  /** Values in the algorithm's space. */
  readonly params: Params;
}

/** How a trial is taken. */
export interface TakeOptions {
  /** The algorithm of this name, or null when the search does not try it: the log's trials of others do not count. */
  algorithm(name: string): Algorithm | null;
  /**
   * Chooses what a new trial tries, or null for none. Called at most once, and while nobody else can take a trial: what
   * {@linkcode TrialLog.get} knows then is all that was known to anybody.
   */
  choose(): TrialChoice | null;
}

/** A trial of the search, and what became of it. */
export type TakenTrial =
  & TrialChoice
  & (
    /** It has ended, in an earlier run or in another process. */
    | { readonly type: "ended"; readonly outcome: TrialOutcome }
    /** Another process runs it. */
    | { readonly type: "elsewhere" }
    /** It is for this process to run. */
    | {
      readonly type: "own";
      /** Keeps its result. */
      end(outcome: TrialOutcome): Promise<void>;
    }
  );

/** Keeps the trials of a search, so that one that was cut off goes on where it was, and several processes share one. */
export interface TrialLog extends AsyncDisposable {
  /** The finished trial of this number, as far as this process knows. */
  get(number: number): LoggedTrial | null;
  /**
   * Takes the trial of this number, or says who has it.
   *
   * @returns null when nobody has it and nothing was chosen.
   */
  take(number: number, options: TakeOptions): Promise<TakenTrial | null>;
}

/** Keeps nothing. */
export const NO_LOG: TrialLog = {
  get: () => null,
  take(_number, { choose }) {
    const choice = choose();
    return Promise.resolve(
      choice && { type: "own", ...choice, end: () => Promise.resolve() },
    );
  },
  [Symbol.asyncDispose]: () => Promise.resolve(),
};
