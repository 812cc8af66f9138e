/** Trials of an algorithm that must have ended before any is cut short; Optuna's default. */
const STARTUP_TRIALS = 5;

/**
 * By epoch, the best score so far below which a trial is stopped: the median of what the finished trials of the same
 * algorithm scored after as many epochs (the median pruner of Optuna, 4.9 and 5.0).
 *
 * @param curves Score by epoch of each trial that ran to its end; NaN where there is none.
 */
export function hopelessBelow(
  curves: readonly ReadonlyMap<number, number>[],
): Map<number, number> {
  const below = new Map<number, number>();
  if (curves.length < STARTUP_TRIALS) return below;
  for (const epoch of new Set(curves.flatMap((curve) => [...curve.keys()]))) {
    const peers = curves.map((curve) => curve.get(epoch) ?? NaN)
      .filter((score) => !Number.isNaN(score));
    if (peers.length > 0) below.set(epoch, median(peers));
  }
  return below;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const upper = sorted[Math.ceil(middle)]!;
  // As numpy's percentile interpolates; half the sum may differ from it in the last bit.
  return upper - (upper - sorted[Math.floor(middle)]!) / 2;
}
