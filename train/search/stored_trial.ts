/**
 * A trial as an Optuna storage has it, and the trial of the search that it is.
 *
 * @module
 */
import { z } from "zod";
import type { Params } from "./draw.ts";
import type { LoggedTrial } from "./trial_log.ts";
import type { TrialOutcome } from "./trial_job.ts";

/** What journals and databases have in common. */
export interface StoredTrial {
  /** One per state of Optuna's. */
  readonly state: "running" | "complete" | "pruned" | "failed" | "waiting";
  /** By name, with the algorithm before it: `IALS.reg`. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Step → value. */
  readonly intermediateValues: ReadonlyMap<number, number>;
  readonly userAttributes: Readonly<Record<string, unknown>>;
}

/** The user attribute that names a trial's algorithm; one without parameters leaves no other trace. */
export const ALGORITHM = "algorithm";
/** The user attribute with a trial's number in the search: storages number trials that were cut off as well. */
export const SEARCH_NUMBER = "search_number";

const begun = z.object({
  [SEARCH_NUMBER]: z.int().min(0),
  [ALGORITHM]: z.string(),
});

/** User attributes of a trial that has ended, beside those it began with. */
export interface OutcomeAttributes {
  readonly evaluation: Readonly<Record<string, unknown>> | null;
  readonly epochs: number | null;
  readonly seconds: number;
  readonly error: string | null;
}

const ended: z.ZodType<OutcomeAttributes> = z.object({
  // Another version may measure more, or less; these are what a search goes by.
  evaluation: z.looseObject({
    ndcg: z.number(),
    map: z.number(),
    recall: z.number(),
    hit: z.number(),
  }).nullable(),
  epochs: z.int().nullable(),
  seconds: z.number(),
  error: z.string().nullable(),
});

/** What a storage keeps of an outcome beside state, score and curve. */
export function outcomeAttributes(
  { evaluation, epochs, seconds, error }: TrialOutcome,
): OutcomeAttributes {
  return {
    evaluation: evaluation && { ...evaluation },
    epochs,
    seconds,
    error,
  };
}

/** The number in the search and the algorithm of a trial, or null when it is none of the search. */
export function searchTrial(
  { userAttributes }: StoredTrial,
): { readonly number: number; readonly algorithm: string } | null {
  const { success, data } = begun.safeParse(userAttributes);
  return success
    ? { number: data[SEARCH_NUMBER], algorithm: data[ALGORITHM] }
    : null;
}

/** The trial of the search, or null when it has not ended or was cut off. */
export function loggedTrial(trial: StoredTrial): LoggedTrial | null {
  const { state, intermediateValues: curve, userAttributes } = trial;
  if (state === "running" || state === "waiting") return null;
  const search = searchTrial(trial);
  const outcome = ended.safeParse(userAttributes);
  if (search === null || !outcome.success) return null;
  const { evaluation, ...others } = outcome.data;
  return {
    ...others,
    algorithm: search.algorithm,
    params: paramsOf(trial),
    state,
    evaluation: evaluation as TrialOutcome["evaluation"],
    curve,
  };
}

/** A trial's parameters by the names that its algorithm gives them. */
export function paramsOf({ params }: Pick<StoredTrial, "params">): Params {
  const own = Object.entries(params)
    .map(([name, value]) => [name.slice(name.indexOf(".") + 1), value]);
  return Object.fromEntries(own) as Params;
}

/** The name that a storage has for a parameter: a study knows one distribution per name. */
export function storedName(algorithm: string, parameter: string): string {
  return `${algorithm}.${parameter}`;
}
