import type { StudyTrial } from "../../study_trial.ts";

/** Most trials that count as good. */
const MOST_BELOW = 25;

/** The good trials and the others, both by number. */
export interface SplitTrials {
  readonly below: readonly StudyTrial[];
  readonly above: readonly StudyTrial[];
}

/**
 * Splits trials into the best tenth, at most 25, and the rest. Complete trials come first, the best before others; then
 * pruned ones, those that got further before others and then the better ones. Running trials count as bad and for no
 * tenth; failed ones count for nothing.
 *
 * The rules of Optuna 4.9.
 */
export function splitTrials(trials: readonly StudyTrial[]): SplitTrials {
  const numbered = trials.toSorted((a, b) => a.number - b.number);
  const ranked = [
    ...numbered.filter(({ state }) => state === "complete").sort(byScore),
    ...numbered.filter(({ state }) => state === "pruned").sort(byProgress),
  ];
  const good = new Set(
    ranked.slice(0, Math.min(Math.ceil(0.1 * ranked.length), MOST_BELOW)),
  );
  const counted = numbered.filter(({ state }) => state !== "failed");
  return {
    below: counted.filter((trial) => good.has(trial)),
    above: counted.filter((trial) => !good.has(trial)),
  };
}

function byScore(a: StudyTrial, b: StudyTrial): number {
  return descending(a.score ?? -Infinity, b.score ?? -Infinity);
}

function byProgress(a: StudyTrial, b: StudyTrial): number {
  const [epochA, scoreA] = progress(a);
  const [epochB, scoreB] = progress(b);
  return descending(epochA, epochB) || descending(scoreA, scoreB);
}

/** The last epoch that was scored and its score; a trial that was never scored is behind all others. */
function progress({ curve }: StudyTrial): [epoch: number, score: number] {
  const last = Math.max(-1, ...curve.keys());
  const score = curve.get(last) ?? -Infinity;
  return [last, Number.isNaN(score) ? -Infinity : score];
}

/** Safe where a difference would be NaN: between equal infinities. */
function descending(a: number, b: number): number {
  return a === b ? 0 : a > b ? -1 : 1;
}
