/**
 * What Optuna suggested, recorded by testdata/make_tpe_fixtures.py.
 *
 * @module
 */
import type { SearchSpace } from "../../../../algorithms/algorithm.ts";
import type { Params } from "../../../../train/search/draw.ts";
import type { StudyTrial } from "../../../../train/search/study_trial.ts";

/** State, values in the order of the space, and the score of a complete trial or those of a pruned one by epoch. */
export type Row = [
  state: StudyTrial["state"],
  values: Params[string][],
  result?: number | (number | null)[],
];

/** A study of Optuna 4.9, trial by trial. */
export interface Study49 {
  readonly name: string;
  readonly seed: number;
  readonly space: SearchSpace;
  readonly trials: readonly Row[];
}

/** Next suggestions of Optuna 5.0 after one history, by seed. */
export interface Suggestions50 {
  readonly space: SearchSpace;
  readonly history: readonly Row[];
  /** Equal observations sorted in their order. */
  readonly suggestions: readonly Params[string][][];
  /** Equal observations sorted as numpy happens to. */
  readonly unpatched: readonly Params[string][][];
}

/** Reads a file of testdata. */
export async function readFixture<T extends readonly Study49[] | Suggestions50>(
  name: string,
): Promise<T> {
  const url = new URL(`testdata/${name}`, import.meta.url);
  return JSON.parse(await Deno.readTextFile(url));
}

/** A recorded trial, with its recorded parameters unless others are given. */
export function studyTrial(
  space: SearchSpace,
  [state, values, result]: Row,
  number: number,
  params: Params = paramsOf(space, values),
): StudyTrial {
  const curve = Array.isArray(result) ? result : [];
  return {
    number,
    state,
    params,
    score: typeof result === "number" ? result : null,
    curve: new Map(curve.map((score, epoch) => [epoch, score ?? NaN])),
  };
}

/** Values by name. */
export function paramsOf(
  space: SearchSpace,
  values: readonly Params[string][],
): Params {
  return Object.fromEntries(
    Object.keys(space).map((name, n) => [name, values[n]!]),
  );
}

/** The largest relative difference between values of the same parameters; Infinity when choices differ. */
export function difference(a: Params, b: Params): number {
  return Math.max(
    ...Object.entries(a).map(([name, value]) => {
      const other = b[name];
      if (value === other) return 0;
      return typeof value === "number" && typeof other === "number"
        ? Math.abs(value - other) / Math.abs(other)
        : Infinity;
    }),
  );
}
