import type { Recipe } from "../../core/recipe/recipe.ts";
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
  /** The score after each epoch that was scored. */
  readonly scores: (number | undefined)[] = [];
  #worse = 0;
  readonly #metric: Recipe["training"]["metric"];

  /** Watches `metric`. */
  constructor(metric: Recipe["training"]["metric"]) {
    this.#metric = metric;
  }

  /** Whether the model is to be scored after this epoch. */
  isDue(epoch: number): boolean {
    return epoch % EPOCHS.between === 0 || epoch === EPOCHS.most;
  }

  /** Takes note of a score and says whether to go on. */
  record(epoch: number, evaluation: Evaluation): "go on" | "stop" {
    const score = evaluation[this.#metric];
    this.scores[epoch] = score;
    if (
      this.best === null || score > this.best.evaluation[this.#metric]
    ) {
      this.best = { epoch, evaluation };
      this.#worse = 0;
    } else this.#worse++;
    return this.#worse >= EPOCHS.patience ? "stop" : "go on";
  }
}
