import { createReferenceScoreKernels } from "../kernels/create_reference_score_kernels.ts";
import type { CompactCsr } from "../kernels/compact_csr.ts";
import type { Csr } from "../kernels/csr.ts";
import type {
  Kernels,
  RankArgs,
  Ranking,
  ScoreKernels,
} from "../kernels/kernels.ts";
import { checkPattern } from "./_check_pattern.ts";
import { position } from "./_position.ts";
import { refuseNotFinite } from "./_refuse_not_finite.ts";
import { TensorReader } from "./_tensor_reader.ts";
import { vector } from "./_vector.ts";
import type { History, Model, NamedTensors } from "./model.ts";

/** Sparse item-to-item weights: an item's score is the sum of what the history's items say for it. */
export class SimilarityModel implements Model {
  /**
   * Decides the tensor names: `indptr`, `indices` (u32) and `weights` (f32; f16 or i8 with one of `scales`, f32, per
   * row) of a square matrix.
   */
  readonly kind = "similarity";
  /** Items × items; row: item of the history, column: item that is scored. */
  readonly weights: Csr | CompactCsr;
  readonly #kernels: ScoreKernels;

  /**
   * Wraps the weights without copying.
   *
   * @param weights Items × items; row: item of the history, column: item that is scored.
   */
  constructor(
    weights: Csr | CompactCsr,
    kernels: ScoreKernels = createReferenceScoreKernels(),
  ) {
    this.weights = weights;
    this.#kernels = kernels;
  }

  /**
   * Opens the model's tensors.
   *
   * @throws {TypeError | RangeError} When they are not what this kind holds.
   */
  static load(
    tensors: NamedTensors,
    items: number,
    kernels?: ScoreKernels,
  ): SimilarityModel {
    const reader = new TensorReader("Similarity model", tensors);
    const indices = reader.vector("indices", "u32");
    const matrix = {
      rows: items,
      cols: items,
      indptr: reader.vector("indptr", "u32", items + 1),
      indices,
      ...readWeights(reader, items, indices.length),
    };
    reader.end();
    checkPattern("item weights", matrix);
    return new SimilarityModel(matrix, kernels);
  }

  /** Number of items. */
  get itemCount(): number {
    return this.weights.cols;
  }

  /** The weights. */
  tensors(): NamedTensors {
    const { indptr, indices, values } = this.weights;
    return {
      indptr: vector(indptr),
      indices: vector(indices),
      weights: vector(values),
      ...("scales" in this.weights && { scales: vector(this.weights.scales) }),
    };
  }

  /** The history decides, not the user. */
  scoreUser(_user: number, history: History, out: Float32Array): void {
    this.scoreHistory(history, out);
  }

  /** Sums the weighted rows of the history's items. O(entries of those rows + items). */
  scoreHistory({ items, weights }: History, out: Float32Array): void {
    this.#kernels.scoreSparse(items, weights, this.weights, out);
  }

  /** Sums the rows of `items`. */
  similar(items: Uint32Array, out: Float32Array): void {
    const weights = new Float32Array(items.length).fill(1);
    this.#kernels.scoreSparse(items, weights, this.weights, out);
  }

  /** Each item of the history by its weight for the item that is scored. O(items · history · log(weights of a row)). */
  influences(history: History, items: Uint32Array, out: Float32Array): void {
    const length = history.items.length;
    for (let row = 0; row < items.length; row++) {
      for (let n = 0; n < length; n++) {
        out[row * length + n] = history.weights[n]! *
          this.#weight(history.items[n]!, items[row]!);
      }
    }
  }

  #weight(from: number, to: number): number {
    const at = position(this.weights, from, to);
    if (at < 0) return 0;
    const scale = "scales" in this.weights ? this.weights.scales[from]! : 1;
    return this.weights.values[at]! * scale;
  }

  /** Ranks by `histories · weights`. */
  rankUsers(
    kernels: Kernels,
    histories: Csr,
    args: RankArgs,
    signal?: AbortSignal,
  ): Promise<Ranking> {
    return kernels.rankSparse(histories, expand(this.weights), args, signal);
  }
}

function readWeights(
  reader: TensorReader,
  items: number,
  length: number,
): Pick<Csr, "values"> | Pick<CompactCsr, "values" | "scales"> {
  const dtype = reader.dtype("weights");
  if (dtype !== "f16" && dtype !== "i8") {
    return { values: reader.finite("weights", length) };
  }
  const values = reader.vector("weights", dtype, length);
  if (values instanceof Float16Array) refuseNotFinite("Item weights", values);
  return { values, scales: reader.finite("scales", items) };
}

/** The weights in single precision. */
function expand(matrix: Csr | CompactCsr): Csr {
  if (!("scales" in matrix)) return matrix;
  const { rows, indptr, scales } = matrix;
  const values = Float32Array.from(matrix.values);
  for (let row = 0; row < rows; row++) {
    for (let at = indptr[row]!; at < indptr[row + 1]!; at++) {
      values[at]! *= scales[row]!;
    }
  }
  return { rows, cols: matrix.cols, indptr, indices: matrix.indices, values };
}
