import type { Csr } from "../core/kernels/csr.ts";
import { transpose } from "../core/kernels/transpose.ts";
import type { Model } from "../core/models/model.ts";
import { UserSimilarityModel } from "../core/models/user_similarity.ts";
import type { FeatureWeighting } from "./_feature_weighting.ts";
import { type Places, placesToFill, weightedMatrix } from "./_neighbours.ts";
import { refuseOverflow } from "./_refuse_overflow.ts";
import { requireFinite } from "./_require_finite.ts";
import { rowNorms } from "./_row_norms.ts";
import { withoutDiagonal } from "./_without_diagonal.ts";
import type { Cost, FitContext, MatrixShape } from "./algorithm.ts";

/** What the likeness of users is made of: `s_uv / (|x_u|^left |x̂_v|^right + shrinkage)` with `s = X X̂ᵀ`. */
export interface UserNeighbours extends Places {
  readonly name: string;
  readonly weighting: FeatureWeighting;
  readonly left: number;
  readonly right: number;
  readonly shrinkage: number;
}

/** Finds every user's neighbours. O(Σ_i n_i²) multiply-adds. */
export async function fitUserNeighbours(
  matrix: Csr,
  settings: UserNeighbours,
  context: FitContext,
): Promise<Model> {
  const { kernels, shared, signal } = context;
  const { weighting, left, right, shrinkage } = settings;
  const weighted = await weightedMatrix(matrix, weighting, context);
  const topK = placesToFill(settings, matrix.rows);
  const [leftNorms, rightNorms] = [rowNorms(matrix), rowNorms(weighted)];
  refuseOverflow(settings.name, matrix.values, leftNorms, rightNorms);
  const divisors = rightNorms.map((norm) => norm ** right);
  const similar = await kernels.similarityTopK({
    left: matrix,
    right: await shared.get(
      `transposed features ${weighting}`,
      () => transpose(weighted),
    ),
    rowNorm: leftNorms.map((norm) => norm ** left),
    colNorm: divisors,
    shrinkage,
    topK,
  }, signal);
  const neighbours = withoutDiagonal(similar, settings.topK);
  for (const numbers of [neighbours.values, divisors, weighted.values]) {
    requireFinite(
      numbers,
      `${settings.name}: a weight between users is not finite; the interaction weights are too large`,
    );
  }
  return new UserSimilarityModel({
    neighbours,
    matrix,
    features: weighted.values,
    divisors,
    foldIn: {
      exponent: left,
      shrinkage,
      topK: Math.min(settings.topK, topK),
    },
  });
}

/** What it costs to find `topK` neighbours per user. */
export function userNeighboursCost(
  { users, items, nonZeros }: MatrixShape,
  topK: number,
): Cost {
  return {
    bytes: 24 * nonZeros + 16 * users * Math.min(topK, users),
    flops: 2 * nonZeros * nonZeros / Math.max(items, 1),
  };
}
