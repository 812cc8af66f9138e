/**
 * Products of sparse and dense matrices.
 *
 * @module
 */
import type { Csr } from "./csr.ts";
import type { RankArgs, Ranking } from "./kernels.ts";

/** Kernels for products of sparse and dense matrices. */
export interface DenseKernels {
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
