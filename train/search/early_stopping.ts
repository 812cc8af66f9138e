import type { Algorithm } from "../../algorithms/algorithm.ts";
import type { Training } from "../../core/recipe/recipe.ts";
import type { Evaluation } from "../evaluate.ts";

/**
 * Watches the score of an iterative learner: scored after every few epochs and after the last, stopped after a number of
 * scores in a row that were no improvement, as the algorithm's own rule says.
 */
export class EarlyStopping<E extends Evaluation> {
  /** The best evaluation so far and the epoch it came after. */
  best: { epoch: number; evaluation: E } | null = null;
  readonly #curve = new Map<number, number>();
  readonly #rule: Algorithm["epochs"];
  readonly #metric: Training["metric"];
  #worse = 0;

  /** Watches `metric`. */
  constructor(
    { epochs }: Pick<Algorithm, "epochs">,
    metric: Training["metric"],
  ) {
    this.#rule = epochs;
    this.#metric = metric;
  }

  /** Score after each epoch that was scored. */
  get curve(): ReadonlyMap<number, number> {
    return this.#curve;
  }

  /** Whether the model is to be scored after this epoch. */
  isDue(epoch: number): boolean {
    const { between, most } = this.#rule!;
    return epoch % between === 0 || epoch === most;
  }

  /** Takes note of a score and says whether to go on. */
  record(epoch: number, evaluation: E): "go on" | "stop" {
    const score = evaluation[this.#metric];
    this.#curve.set(epoch, score);
    if (this.best === null || score > this.best.evaluation[this.#metric]) {
      this.best = { epoch, evaluation };
      this.#worse = 0;
    } else this.#worse++;
    return this.#worse >= this.#rule!.patience ? "stop" : "go on";
  }
}
