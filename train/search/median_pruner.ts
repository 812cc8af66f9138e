/** Trials of an algorithm that must have ended before any is cut short; Optuna's default. */
const STARTUP_TRIALS = 5;

/**
 * Stops a trial whose best score so far is below the median of what the finished trials of the same algorithm scored
 * after as many epochs (the median pruner of Optuna).
 */
export class MedianPruner {
  readonly #finished = new Map<string, (readonly (number | undefined)[])[]>();

  /** Takes note of the scores of a trial that ran to its end, by epoch. */
  finish(algorithm: string, scores: readonly (number | undefined)[]): void {
    this.#finished.set(algorithm, [
      ...this.#finished.get(algorithm) ?? [],
      scores,
    ]);
  }

  /** Whether a trial with this best score so far is to be stopped after `epoch`. */
  isHopeless(algorithm: string, epoch: number, best: number): boolean {
    const finished = this.#finished.get(algorithm) ?? [];
    if (finished.length < STARTUP_TRIALS) return false;
    const peers = finished.flatMap((scores) => scores[epoch] ?? [])
      .sort((a, b) => a - b);
    if (peers.length === 0) return false;
    const middle = (peers.length - 1) / 2;
    const median = (peers[Math.floor(middle)]! + peers[Math.ceil(middle)]!) / 2;
    return best < median;
  }
}
