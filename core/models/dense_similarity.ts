import { createReferenceScoreKernels } from "../kernels/create_reference_score_kernels.ts";
import type { Csr } from "../kernels/csr.ts";
import type {
  Kernels,
  RankArgs,
  Ranking,
  ScoreKernels,
} from "../kernels/kernels.ts";
import { TensorReader } from "./_tensor_reader.ts";
import type { History, Model, NamedTensors } from "./model.ts";

/** Dense item-to-item weights: an item's score is the sum of what the history's items say for it. */
export class DenseSimilarityModel implements Model {
  /** Decides the tensor name: `weights` (f32, 2-d), items × items. */
  readonly kind = "dense_similarity";
  /** Number of items. */
  readonly itemCount: number;
  /** Row-major, items × items; row: item of the history, column: item that is scored. */
  readonly weights: Float32Array;
  readonly #kernels: ScoreKernels;

  /** Wraps the weights without copying. */
  constructor(
    weights: Float32Array,
    items: number,
    kernels: ScoreKernels = createReferenceScoreKernels(),
  ) {
    this.weights = weights;
    this.itemCount = items;
    this.#kernels = kernels;
  }

  /**
   * Opens the model's tensors. Linear time.
   *
   * @throws {TypeError | RangeError} When they are not what this kind holds.
   */
  static load(
    tensors: NamedTensors,
    items: number,
    kernels?: ScoreKernels,
  ): DenseSimilarityModel {
    const reader = new TensorReader("Dense similarity model", tensors);
    const { data } = reader.matrix("weights", items, items);
    reader.end();
    return new DenseSimilarityModel(data, items, kernels);
  }

  /** The weights. */
  tensors(): NamedTensors {
    const shape = [this.itemCount, this.itemCount];
    return { weights: { dtype: "f32", shape, data: this.weights } };
  }

  /** The history decides, not the user. */
  scoreUser(_user: number, history: History, out: Float32Array): void {
    this.scoreHistory(history, out);
  }

  /** Sums the weighted rows of the history's items. O(history · items). */
  scoreHistory({ items, weights }: History, out: Float32Array): void {
    this.#kernels.scoreDense(items, weights, this.weights, out);
  }

  /** Sums the rows of `items`. */
  similar(items: Uint32Array, out: Float32Array): void {
    const ones = new Float32Array(items.length).fill(1);
    this.#kernels.scoreDense(items, ones, this.weights, out);
  }

  /** Each item of the history by its weight for the item that is scored. O(items · history). */
  influences(history: History, items: Uint32Array, out: Float32Array): void {
    const length = history.items.length;
    for (let row = 0; row < items.length; row++) {
      for (let n = 0; n < length; n++) {
        const at = history.items[n]! * this.itemCount + items[row]!;
        out[row * length + n] = history.weights[n]! * this.weights[at]!;
      }
    }
  }

  /** Ranks by `histories · weights`. */
  rankUsers(
    kernels: Kernels,
    histories: Csr,
    args: RankArgs,
    signal?: AbortSignal,
  ): Promise<Ranking> {
    return kernels.rankDense(histories, this.weights, args, signal);
  }
}
