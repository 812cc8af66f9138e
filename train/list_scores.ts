/**
 * Lists of recommendations beside what was held out.
 *
 * @module
 */
import type { Csr } from "../core/kernels/csr.ts";
import type { Evaluation, EvaluationByUser } from "./evaluate.ts";
import { listDiversity } from "./list_diversity.ts";

/** Scores lists, one for each user who has something held out. */
export class ListScores {
  /** The users who have something held out, rising. */
  readonly users: Uint32Array;
  /** Most items of a list. */
  readonly length: number;
  readonly #heldOut: Csr;
  readonly #scores: EvaluationByUser["userScores"];
  readonly #relevant: Uint8Array;
  readonly #listed: Uint32Array;
  readonly #discounts: Float64Array;

  /**
   * @param heldOut What the lists should hold, users × items.
   * @param cutoff Most items of a list; clamped to the number of items.
   */
  constructor(heldOut: Csr, cutoff: number) {
    this.#heldOut = heldOut;
    this.length = Math.min(cutoff, heldOut.cols);
    this.users = Uint32Array.from({ length: heldOut.rows }, (_, user) => user)
      .filter((user) => heldOut.indptr[user + 1]! > heldOut.indptr[user]!);
    const { length } = this.users;
    this.#scores = {
      ndcg: new Float64Array(length),
      map: new Float64Array(length),
      recall: new Float64Array(length),
      hit: new Float64Array(length),
    };
    this.#relevant = new Uint8Array(heldOut.cols);
    this.#listed = new Uint32Array(heldOut.cols);
    this.#discounts = Float64Array.from(
      { length: this.length },
      (_, n) => 1 / Math.log2(n + 2),
    );
  }

  /** Takes the list of the `n`th of {@linkcode ListScores.users}: items, best first. */
  add(n: number, list: Uint32Array): void {
    const { indptr, indices } = this.#heldOut;
    const user = this.users[n]!;
    const own = indices.subarray(indptr[user]!, indptr[user + 1]!);
    const relevant = this.#relevant;
    for (const item of own) relevant[item] = 1;
    let hits = 0;
    let gain = 0;
    let precision = 0;
    for (const [place, item] of list.entries()) {
      this.#listed[item]!++;
      if (relevant[item] === 0) continue;
      hits++;
      gain += this.#discounts[place]!;
      precision += hits / (place + 1);
    }
    for (const item of own) relevant[item] = 0;
    if (hits === 0) return;
    let ideal = 0;
    for (let place = 0; place < Math.min(own.length, list.length); place++) {
      ideal += this.#discounts[place]!;
    }
    this.#scores.ndcg[n] = gain / ideal;
    this.#scores.map[n] = precision / own.length;
    this.#scores.recall[n] = hits / own.length;
    this.#scores.hit[n] = 1;
  }

  /**
   * Means over the users, and what is in their lists.
   *
   * @param histories What the model was fitted on, users × items.
   */
  result(histories: Csr): Omit<EvaluationByUser, "nanCount"> {
    const { ndcg, map, recall, hit } = this.#scores;
    const means: Omit<Evaluation, "nanCount"> = {
      ndcg: mean(ndcg),
      map: mean(map),
      recall: mean(recall),
      hit: mean(hit),
      users: this.users.length,
      ...listDiversity(this.#listed, histories),
    };
    return { ...means, userScores: this.#scores };
  }
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) /
    Math.max(values.length, 1);
}
