/** Trials of an algorithm that must have ended before any is cut short; Optuna's default. */
const STARTUP_TRIALS = 5;

/**
 * Stops a trial whose best score so far is below the median of what the finished trials of the same algorithm scored
 * after as many epochs: the median pruner of Optuna, which is the same in 4.9 and 5.0.
 */
export class MedianPruner {
  readonly #finished = new Map<string, (readonly (number | undefined)[])[]>();

  /** Takes note of the scores of a trial that ran to its end, by epoch. */
  finish(algorithm: string, scores: readonly (number | undefined)[]): void {
    const finished = this.#finished.get(algorithm) ?? [];
    this.#finished.set(algorithm, [...finished, scores]);
  }

  /**
   * Whether a trial is to be stopped after `epoch`.
   *
   * @param best Its best score so far; NaN when none of its scores is a number, which is hopeless at once.
   */
  isHopeless(algorithm: string, epoch: number, best: number): boolean {
    const finished = this.#finished.get(algorithm) ?? [];
    if (finished.length < STARTUP_TRIALS) return false;
    if (Number.isNaN(best)) return true;
    const peers = finished.map((scores) => scores[epoch] ?? NaN)
      .filter((score) => !Number.isNaN(score));
    return peers.length > 0 && best < median(peers);
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const upper = sorted[Math.ceil(middle)]!;
  // As numpy's percentile interpolates; half the sum may differ from it in the last bit.
  return upper - (upper - sorted[Math.floor(middle)]!) / 2;
}
