import type { History } from "./model.ts";

/** How the factors of a user who was not in the training data are learned. */
export interface PairwiseFoldIn {
  /** Which loss: of the order of a pair, or of the rank that it stands for. */
  readonly loss: "bpr" | "warp";
  readonly learningRate: number;
  /** Weight decay of the user's factors. */
  readonly decay: number;
  /** Items that a history is set against, drawn once for all newcomers as training draws them; used in turn. */
  readonly others: Uint32Array;
}

/** Passes over a history. */
const PASSES = 30;
/** Items that WARP tries for one step, and its largest loss, as in training. */
const MOST_DRAWS = 10;
const MOST_LOSS = 10;

/** Stochastic gradient steps on one user's factors. The same history gives the same factors. */
export class PairwiseSteps {
  readonly #items: Float32Array;
  readonly #biases: Float32Array;
  readonly #foldIn: PairwiseFoldIn;
  readonly #user: Float32Array;
  readonly #squares: Float32Array;
  /** Position in the list of other items. */
  #next = 0;

  /** Starts with factors of 0; items are row-major, `factors` per row. */
  constructor(
    { items, biases, factors, foldIn }: {
      readonly items: Float32Array;
      readonly biases: Float32Array;
      readonly factors: number;
      readonly foldIn: PairwiseFoldIn;
    },
  ) {
    this.#items = items;
    this.#biases = biases;
    this.#foldIn = foldIn;
    this.#user = new Float32Array(factors);
    this.#squares = new Float32Array(factors).fill(1);
  }

  /** The factors that a history is best ranked by. O(passes · history · factors). */
  learn({ items, weights }: History): Float32Array {
    const own = new Set(items);
    if (this.#foldIn.others.every((other) => own.has(other))) {
      return this.#user;
    }
    for (let pass = 0; pass < PASSES; pass++) {
      for (const [n, item] of items.entries()) {
        if (weights[n]! > 0) this.#step(item, own);
      }
    }
    return this.#user;
  }

  #step(item: number, own: ReadonlySet<number>): void {
    const { loss, others } = this.#foldIn;
    const score = this.#score(item);
    for (let draws = 1; draws <= MOST_DRAWS; draws++) {
      const other = others[this.#next++ % others.length]!;
      if (own.has(other)) continue;
      const theirs = this.#score(other);
      if (loss === "bpr") {
        return this.#update(item, other, 1 / (1 + Math.exp(score - theirs)));
      }
      if (theirs > score - 1) {
        const rank = Math.floor((this.#biases.length - 1) / draws);
        const weight = Math.min(MOST_LOSS, Math.log(Math.max(1, rank)));
        return this.#update(item, other, weight);
      }
    }
  }

  #score(item: number): number {
    const user = this.#user;
    const start = item * user.length;
    let sum = this.#biases[item]!;
    for (let f = 0; f < user.length; f++) {
      sum += user[f]! * this.#items[start + f]!;
    }
    return sum;
  }

  #update(item: number, other: number, weight: number): void {
    const { learningRate, decay } = this.#foldIn;
    const user = this.#user;
    const [q, r] = [item * user.length, other * user.length];
    for (let f = 0; f < user.length; f++) {
      const gradient = weight * (this.#items[r + f]! - this.#items[q + f]!);
      const rate = learningRate / Math.sqrt(this.#squares[f]!);
      user[f] = user[f]! * Math.max(0, 1 - rate * decay) - rate * gradient;
      this.#squares[f]! += gradient * gradient;
    }
  }
}
