/**
 * What a trained thing is. Users and items are indices here; ids live beside it, in the recommender.
 *
 * @module
 */
import type { Csr } from "../kernels/csr.ts";
import type { Kernels, RankArgs, Ranking } from "../kernels/kernels.ts";

/** Element types a tensor may have. */
export type Dtype = "f16" | "f32" | "f64" | "i8" | "u32" | "u8";

/** An n-dimensional array, row-major. */
export interface Tensor {
  /** Element type. */
  readonly dtype: Dtype;
  /** Extent of each dimension. */
  readonly shape: readonly number[];
  /** The elements; length is the product of `shape`. */
  readonly data:
    | Float16Array
    | Float32Array
    | Float64Array
    | Int8Array
    | Uint32Array
    | Uint8Array;
}

/** Tensors by name. */
export type NamedTensors = Readonly<Record<string, Tensor>>;

/** The kinds of model an artifact may hold. */
export type ModelKind =
  | "popularity"
  | "similarity"
  | "dense_similarity"
  | "factors"
  | "biased_factors"
  | "non_negative_factors"
  | "projection"
  | "user_similarity";

/** What one user did: item indices, ascending, with their weights. */
export interface History {
  /** Item indices, ascending. */
  readonly items: Uint32Array;
  /** Weight of each item, such as how often it was bought. */
  readonly weights: Float32Array;
}

/** Scores that can be bounded from above at less cost than they are found, so that most of them need not be. */
export interface Bounded extends Disposable {
  /** Bounds all scores of a user of the training data, as {@linkcode Model.scoreUser} gives them; false when it cannot. */
  boundUser(user: number, history: History, out: Float32Array): boolean;
  /** Bounds all scores that {@linkcode Model.scoreHistory} gives; false when it cannot. */
  boundHistory(history: History, out: Float32Array): boolean;
  /** The scores themselves, to the bit, of some items for whom bounds were written last. */
  scoreSome(items: Uint32Array, out: Float32Array): void;
}

/** A trained model. Scores are comparable within one call only; higher is better. */
export interface Model {
  /** Which kind this is; decides the tensor names. */
  readonly kind: ModelKind;
  /** Number of items that are scored. */
  readonly itemCount: number;
  /** Bounds of the scores, where they are cheaper; holds memory of the kernels until it is disposed of. */
  readonly bounded?: Bounded | null;
  /** The numbers of the model, by the names that its kind allows. */
  tensors(): NamedTensors;
  /** Scores all items for a user of the training data; `out` has one element per item. */
  scoreUser(user: number, history: History, out: Float32Array): void;
  /** Scores all items for anyone with a history, known or not. */
  scoreHistory(history: History, out: Float32Array): void;
  /** Scores all items by their likeness to `items`. */
  similar(items: Uint32Array, out: Float32Array): void;
  /**
   * Writes how much each item of a history says for each of `items` to `out`, row-major, items × history. Where a score
   * is a sum over the history, rows sum to what {@linkcode Model.scoreHistory} gives; kinds where it is not say what
   * they write.
   */
  influences(history: History, items: Uint32Array, out: Float32Array): void;
  /** Ranks many users of the training data at once. `histories` is the matrix that the model was fitted on. */
  rankUsers(
    kernels: Kernels,
    histories: Csr,
    args: RankArgs,
    signal?: AbortSignal,
  ): Promise<Ranking>;
}
