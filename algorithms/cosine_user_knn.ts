import { z } from "zod";
import type { FeatureWeighting } from "./_feature_weighting.ts";
import { EPSILON } from "./_neighbours.ts";
import { fitUserNeighbours, userNeighboursCost } from "./_user_neighbours.ts";
import type { Algorithm } from "./algorithm.ts";

/** Parameters of {@linkcode cosineUserKnn}. */
export interface CosineUserKnnParams {
  /** Neighbours per user. */
  readonly top_k: number;
  /** Whether the user is left out before its neighbours are chosen; otherwise it takes one of their places. */
  readonly exclude_self_first: boolean;
  /** Added to the divisor, so that users with few interactions count less; only with `normalize`. */
  readonly shrinkage: number;
  /** How the second factor is weighted. */
  readonly feature_weighting: FeatureWeighting;
  /** Whether to divide by the norms. */
  readonly normalize: boolean;
}

/**
 * Users are alike when they have the same items: `s_uv / (|x_u| |x̂_v| + shrinkage)` with `s = X X̂ᵀ`, or `s_uv` alone;
 * an item's score is what the neighbours have of it. O(Σ_i n_i²) multiply-adds.
 */
export const cosineUserKnn: Algorithm<CosineUserKnnParams> = {
  name: "CosineUserKNN",
  aliases: [],
  reference:
    "Resnick et al., GroupLens: An open architecture for collaborative filtering of netnews, CSCW 1994, https://doi.org/10.1145/192844.192905",
  params: z.strictObject({
    top_k: z.int().min(1).default(100),
    exclude_self_first: z.boolean().default(false),
    shrinkage: z.number().min(0).default(0),
    feature_weighting: z.enum(["NONE", "TF_IDF", "BM_25"]).default("NONE"),
    normalize: z.boolean().default(true),
  }),
  space: {
    top_k: { type: "int", low: 4, high: 1000 },
    shrinkage: { type: "float", low: 0, high: 1000 },
    feature_weighting: {
      type: "categorical",
      choices: ["NONE", "TF_IDF", "BM_25"],
    },
    normalize: { type: "categorical", choices: [false, true] },
  },
  cost: (shape, { top_k }) => userNeighboursCost(shape, top_k),
  fit: (matrix, params, context) =>
    fitUserNeighbours(matrix, {
      name: "CosineUserKNN",
      topK: params.top_k,
      excludeSelfFirst: params.exclude_self_first,
      weighting: params.feature_weighting,
      left: params.normalize ? 1 : 0,
      right: params.normalize ? 1 : 0,
      shrinkage: params.normalize ? params.shrinkage + EPSILON : 0,
    }, context),
};
