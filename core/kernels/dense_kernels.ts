/**
 * Products of dense matrices, and of sparse and dense ones.
 *
 * @module
 */
import type { Csr } from "./csr.ts";
import type { RankArgs, Ranking } from "./kernels.ts";

/** Arguments of {@linkcode DenseKernels.multiply}: row-major matrices. */
export interface MultiplyArgs {
  /** `rows × depth`. */
  readonly left: Float32Array;
  /** `depth × columns`. */
  readonly right: Float32Array;
  /** Rows of `left` and of the product. */
  readonly rows: number;
  /** Columns of `left`, rows of `right`. */
  readonly depth: number;
  /** Columns of `right` and of the product. */
  readonly columns: number;
}

/** Kernels for products with dense matrices. */
export interface DenseKernels {
  /** `left · right`; O(rows · depth · columns). */
  multiply(args: MultiplyArgs, signal?: AbortSignal): Promise<Float32Array>;
  /** Ranks by `histories · weights` for row-major `weights`, `histories.cols × seen.cols`. */
  rankDense(
    histories: Csr,
    weights: Float32Array,
    args: RankArgs,
    signal?: AbortSignal,
  ): Promise<Ranking>;
  /** `matrix · dense`, both dense matrices row-major with `columns` columns. */
  sparseTimesDense(
    matrix: Csr,
    dense: Float32Array,
    columns: number,
    signal?: AbortSignal,
  ): Promise<Float32Array>;
}
