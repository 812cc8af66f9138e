import type { Distribution } from "./distribution.ts";
import type { Attributes } from "./entry.ts";

/** State of a trial in a journal; Optuna's, in the order of its codes. */
export const TRIAL_STATES = [
  "running",
  "complete",
  "pruned",
  "failed",
  "waiting",
] as const;

/** A trial as a journal has it. */
export interface JournalTrial {
  /** Position in the journal, over all studies. */
  readonly id: number;
  /** Position in its study. */
  readonly number: number;
  readonly state: typeof TRIAL_STATES[number];
  /** One per direction of the study. */
  readonly values: readonly number[] | null;
  readonly params: Readonly<Record<string, unknown>>;
  readonly distributions: Readonly<Record<string, Distribution>>;
  /** Step → value. */
  readonly intermediateValues: ReadonlyMap<number, number>;
  readonly userAttributes: Attributes;
  readonly systemAttributes: Attributes;
  readonly started: Date | null;
  readonly ended: Date | null;
}

/** A study as a journal has it. */
export interface JournalStudy {
  /** Position in the journal. */
  readonly id: number;
  readonly name: string;
  /** 1: minimise, 2: maximise; one per objective. */
  readonly directions: readonly number[];
  readonly userAttributes: Attributes;
  readonly systemAttributes: Attributes;
  /** By number. */
  readonly trials: readonly JournalTrial[];
}
