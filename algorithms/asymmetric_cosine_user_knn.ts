import { z } from "zod";
import type { FeatureWeighting } from "./_feature_weighting.ts";
import { EPSILON } from "./_neighbours.ts";
import { fitUserNeighbours, userNeighboursCost } from "./_user_neighbours.ts";
import type { Algorithm } from "./algorithm.ts";

/** Parameters of {@linkcode asymmetricCosineUserKnn}. */
export interface AsymmetricCosineUserKnnParams {
  /** Neighbours per user. */
  readonly top_k: number;
  /** Whether the user is left out before its neighbours are chosen; otherwise it takes one of their places. */
  readonly exclude_self_first: boolean;
  /** Added to the divisor, so that users with few interactions count less. */
  readonly shrinkage: number;
  /** How the second factor is weighted. */
  readonly feature_weighting: FeatureWeighting;
  /** Share of the divisor that the user who asks bears; 0.5 is the cosine. */
  readonly alpha: number;
}

/**
 * A cosine of users whose divisor leans to one of them: `s_uv / (|x_u|^2α |x̂_v|^2(1-α) + shrinkage)` with `s = X X̂ᵀ`;
 * an item's score is what the neighbours have of it. O(Σ_i n_i²) multiply-adds.
 */
export const asymmetricCosineUserKnn: Algorithm<
  AsymmetricCosineUserKnnParams
> = {
  name: "AsymmetricCosineUserKNN",
  aliases: [],
  reference:
    "Aiolli, Efficient top-N recommendation for very large scale binary rated datasets, RecSys 2013, https://doi.org/10.1145/2507157.2507189",
  params: z.strictObject({
    top_k: z.int().min(1).default(100),
    exclude_self_first: z.boolean().default(false),
    shrinkage: z.number().min(0).default(0),
    feature_weighting: z.enum(["NONE", "TF_IDF", "BM_25"]).default("NONE"),
    alpha: z.number().min(0).max(1).default(0.5),
  }),
  space: {
    top_k: { type: "int", low: 4, high: 1000 },
    shrinkage: { type: "float", low: 0, high: 1000 },
    feature_weighting: {
      type: "categorical",
      choices: ["NONE", "TF_IDF", "BM_25"],
    },
    alpha: { type: "float", low: 0, high: 1 },
  },
  cost: (shape, { top_k }) => userNeighboursCost(shape, top_k),
  fit: (matrix, params, context) =>
    fitUserNeighbours(matrix, {
      name: "AsymmetricCosineUserKNN",
      topK: params.top_k,
      excludeSelfFirst: params.exclude_self_first,
      weighting: params.feature_weighting,
      left: 2 * params.alpha,
      right: 2 - 2 * params.alpha,
      shrinkage: params.shrinkage + EPSILON,
    }, context),
};
