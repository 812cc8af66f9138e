import type { Csr } from "../kernels/csr.ts";
import type { Kernels, RankArgs, Ranking } from "../kernels/kernels.ts";
import { TensorReader } from "./_tensor_reader.ts";
import { vector } from "./_vector.ts";
import type { History, Model, NamedTensors } from "./model.ts";

/** One score per item, the same for everyone. */
export class PopularityModel implements Model {
  /** Decides the tensor names: `scores`, f32, one per item. */
  readonly kind = "popularity";
  readonly #scores: Float32Array;

  /** Wraps the scores without copying. */
  constructor(scores: Float32Array) {
    this.#scores = scores;
  }

  /**
   * Opens the model's tensors.
   *
   * @throws {TypeError | RangeError} When they are not what this kind holds.
   */
  static load(tensors: NamedTensors, items: number): PopularityModel {
    const reader = new TensorReader("Popularity model", tensors);
    const scores = reader.finite("scores", items);
    reader.end();
    return new PopularityModel(scores);
  }

  /** Number of items. */
  get itemCount(): number {
    return this.#scores.length;
  }

  /** The scores. */
  tensors(): NamedTensors {
    return { scores: vector(this.#scores) };
  }

  /** The scores, whoever asks. */
  scoreUser(_user: number, _history: History, out: Float32Array): void {
    out.set(this.#scores);
  }

  /** The scores, whatever the history. */
  scoreHistory(_history: History, out: Float32Array): void {
    out.set(this.#scores);
  }

  /** The scores: popularity knows no likeness. */
  similar(_items: Uint32Array, out: Float32Array): void {
    out.set(this.#scores);
  }

  /** All 0: nothing that anyone has speaks for an item. */
  influences(_history: History, _items: Uint32Array, out: Float32Array): void {
    out.fill(0);
  }

  /** Goes down the one list that all users share, past what each has seen. O(k + seen) per user. */
  rankUsers(
    _kernels: Kernels,
    _histories: Csr,
    { users, seen, k }: RankArgs,
  ): Promise<Ranking> {
    const scores = this.#scores;
    const order = Uint32Array.from(scores, (_, item) => item)
      .filter((item) => !Number.isNaN(scores[item]!))
      .sort((a, b) => scores[b]! - scores[a]! || a - b);
    const ranking = {
      k,
      indices: new Uint32Array(users.length * k),
      scores: new Float32Array(users.length * k),
      counts: new Uint32Array(users.length),
      nanCount: (scores.length - order.length) * users.length,
    };
    const hidden = new Uint8Array(scores.length);
    for (const [row, user] of users.entries()) {
      const own = seen.indices.subarray(
        seen.indptr[user]!,
        seen.indptr[user + 1]!,
      );
      for (const item of own) hidden[item] = 1;
      let count = 0;
      for (let n = 0; n < order.length && count < k; n++) {
        const item = order[n]!;
        if (hidden[item] === 1) continue;
        ranking.indices[row * k + count] = item;
        ranking.scores[row * k + count] = scores[item]!;
        count++;
      }
      ranking.counts[row] = count;
      for (const item of own) hidden[item] = 0;
    }
    return Promise.resolve(ranking);
  }
}
