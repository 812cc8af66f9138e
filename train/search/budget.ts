import { RecotemError } from "../../core/errors.ts";

/** What {@linkcode allocateTrials} needs to know of an algorithm. */
export interface Candidate {
  readonly name: string;
  /** Whether there is anything to draw; an algorithm without parameters gives the same score every time. */
  readonly searchable: boolean;
}

/**
 * Trials per algorithm, in the order given; algorithms with no trials are left out and the sum never exceeds `total`.
 *
 * Without overrides an algorithm that has nothing to search gets one trial and the others share the rest evenly, the
 * first ones taking the remainder. With overrides: positive ones are scaled down when their sum exceeds `total` (each
 * keeps at least one; with fewer trials than entries the first ones get one each), and what is left over goes evenly
 * to the algorithms not named, or else to the last positive one. All named with 0 and none unnamed counts as no
 * override.
 *
 * @throws {RecotemError} `no_active_algorithms` when nothing is left to try.
 */
export function allocateTrials(
  candidates: readonly Candidate[],
  total: number,
  overrides: Readonly<Record<string, number>> | null,
): Map<string, number> {
  const given = candidates.map(({ name }) =>
    Math.max(0, overrides?.[name] ?? 0)
  );
  const named = candidates.map(({ name }) => overrides?.[name] !== undefined);
  const sum = given.reduce((a, b) => a + b, 0);
  let trials: number[];
  if (sum === 0 && !named.includes(false)) {
    trials = shareFresh(candidates, total);
  } else if (sum > total) trials = scaleDown(given, total);
  else if (named.includes(false)) {
    const unnamed = candidates.filter((_, n) => !named[n]);
    const shared = shareFresh(unnamed, total - sum);
    trials = given.map((count, n) => named[n] ? count : shared.shift()!);
  } else {
    trials = given.slice();
    trials[given.findLastIndex((count) => count > 0)]! += total - sum;
  }
  const budget = new Map(
    candidates.map(({ name }, n) => [name, trials[n]!] as const).filter((
      [, count],
    ) => count > 0),
  );
  if (budget.size === 0) {
    throw new RecotemError(
      "no_active_algorithms",
      "training.per_algorithm_trials leaves no algorithm to try",
    );
  }
  return budget;
}

function shareFresh(candidates: readonly Candidate[], total: number): number[] {
  const anySearchable = candidates.some(({ searchable }) => searchable);
  const fixed = anySearchable
    ? candidates.filter(({ searchable }) => !searchable).length
    : 0;
  const sharers = candidates.length - fixed;
  let left = total;
  const once = candidates.map(({ searchable }) => {
    if (!anySearchable || searchable || left <= sharers) return 0;
    left--;
    return 1;
  });
  let sharer = 0;
  return candidates.map(({ searchable }, n) => {
    if (anySearchable && !searchable) return once[n]!;
    return Math.floor(left / sharers) + (sharer++ < left % sharers ? 1 : 0);
  });
}

function scaleDown(given: readonly number[], total: number): number[] {
  const positive = given.filter((count) => count > 0).length;
  if (total <= positive) {
    let left = total;
    return given.map((count) => count > 0 && left-- > 0 ? 1 : 0);
  }
  const sum = given.reduce((a, b) => a + b, 0);
  const scaled = given.map((count) =>
    count > 0 ? Math.max(1, Math.floor(count * total / sum)) : 0
  );
  for (let spare = total - scaled.reduce((a, b) => a + b, 0); spare !== 0;) {
    for (let n = 0; n < scaled.length && spare !== 0; n++) {
      if (spare > 0 && scaled[n]! > 0) scaled[n]!++, spare--;
      else if (spare < 0 && scaled[n]! > 1) scaled[n]!--, spare++;
    }
  }
  return scaled;
}
