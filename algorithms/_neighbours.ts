import type { Csr } from "../core/kernels/csr.ts";
import { transpose } from "../core/kernels/transpose.ts";
import { type FeatureWeighting, weightFeatures } from "./_feature_weighting.ts";
import { withoutDiagonal } from "./_without_diagonal.ts";
import type { Cost, FitContext, MatrixShape } from "./algorithm.ts";

/** Keeps a divisor from being 0, as the original does. */
export const EPSILON = 1e-6;

/** How sums of products become similarities. */
export interface Divisor {
  /** One per row of the similarity matrix. */
  readonly rowNorm: Float32Array;
  /** One per column. */
  readonly colNorm: Float32Array;
  readonly shrinkage: number;
  /** See `SimilarityArgs`. */
  readonly overlap?: number;
}

/**
 * Similarity of the columns of `matrix`, the second factor being `weighted`: the `topK` largest per row, and then
 * without the diagonal, so that the item itself takes one place. O(Σ_u n_u²) multiply-adds.
 */
export async function itemNeighbours(
  matrix: Csr,
  weighted: Csr,
  topK: number,
  divisor: Divisor,
  { kernels, signal, shared }: FitContext,
): Promise<Csr> {
  const left = await shared.get("transpose", () => transpose(matrix));
  const similar = await kernels.similarityTopK({
    ...divisor,
    left,
    right: weighted,
    topK: Math.max(1, Math.min(topK, matrix.cols)),
  }, signal);
  return withoutDiagonal(similar);
}

/** The matrix with weighted values, made once per search. */
export function weightedMatrix(
  matrix: Csr,
  weighting: FeatureWeighting,
  { shared }: FitContext,
): Promise<Csr> {
  return shared.get(
    `features ${weighting}`,
    () => weightFeatures(matrix, weighting),
  );
}

/** What it costs to find `topK` neighbours per item. */
export function itemNeighboursCost(
  { users, items, nonZeros }: MatrixShape,
  topK: number,
): Cost {
  return {
    bytes: 20 * nonZeros + 16 * items * Math.min(topK, items),
    flops: 2 * nonZeros * nonZeros / Math.max(users, 1),
  };
}
