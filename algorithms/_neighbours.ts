import type { Csr } from "../core/kernels/csr.ts";
import { transpose } from "../core/kernels/transpose.ts";
import { type FeatureWeighting, weightFeatures } from "./_feature_weighting.ts";
import { withoutDiagonal } from "./_without_diagonal.ts";
import type { Cost, FitContext, MatrixShape } from "./algorithm.ts";

/** Keeps a divisor from being 0, as the original does. */
export const EPSILON = 1e-6;

/** How many neighbours are kept. */
export interface Places {
  /** Neighbours per row. */
  readonly topK: number;
  /** Whether the row itself is left out before they are chosen; otherwise it takes one of the places. */
  readonly excludeSelfFirst: boolean;
}

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
 * Similarity of the columns of `matrix`, the second factor being `weighted`: the largest per row, without the
 * diagonal. O(Σ_u n_u²) multiply-adds.
 */
export async function itemNeighbours(
  matrix: Csr,
  weighted: Csr,
  places: Places,
  divisor: Divisor,
  { kernels, signal, shared }: FitContext,
): Promise<Csr> {
  const left = await shared.get("transpose", () => transpose(matrix));
  const topK = placesToFill(places, matrix.cols);
  const similar = await kernels.similarityTopK(
    { ...divisor, left, right: weighted, topK },
    signal,
  );
  return withoutDiagonal(similar, places.topK);
}

/** Entries to keep among `count` before the diagonal is taken out. */
export function placesToFill(
  { topK, excludeSelfFirst }: Places,
  count: number,
): number {
  return Math.max(1, Math.min(excludeSelfFirst ? topK + 1 : topK, count));
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
