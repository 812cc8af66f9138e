import type { Evaluation } from "../evaluate.ts";

/** How often an iterative learner is scored, and when it has had enough; the original's values. */
export const EPOCHS = { most: 128, between: 5, patience: 5 } as const;

/**
 * Watches the score of an iterative learner: scored every {@linkcode EPOCHS.between} epochs and at the last, stopped
 * after {@linkcode EPOCHS.patience} scores without improvement.
 */
export class EarlyStopping {
  /** The best evaluation so far and the epoch it came after. */
  best: { epoch: number; evaluation: Evaluation } | null = null;
  #worse = 0;
  readonly #metric: keyof Evaluation["scores"];

  /** Watches `metric`. */
  constructor(metric: keyof Evaluation["scores"]) {
    this.#metric = metric;
  }

  /** Whether the model is to be scored after this epoch. */
  isDue(epoch: number): boolean {
    return epoch % EPOCHS.between === 0 || epoch === EPOCHS.most;
  }

  /** Takes note of a score and says whether to go on. */
  record(epoch: number, evaluation: Evaluation): "go on" | "stop" {
    const score = evaluation.scores[this.#metric];
    if (
      this.best === null || score > this.best.evaluation.scores[this.#metric]
    ) {
      this.best = { epoch, evaluation };
      this.#worse = 0;
    } else this.#worse++;
    return this.#worse >= EPOCHS.patience ? "stop" : "go on";
  }
}
