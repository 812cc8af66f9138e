import { z } from "zod";
import type { Model } from "../core/models/model.ts";
import { columnNorms } from "./_column_norms.ts";
import type { FeatureWeighting } from "./_feature_weighting.ts";
import {
  EPSILON,
  itemNeighbours,
  itemNeighboursCost,
  weightedMatrix,
} from "./_neighbours.ts";
import { refuseOverflow } from "./_refuse_overflow.ts";
import { similarityModel } from "./_similarity_model.ts";
import type { Algorithm } from "./algorithm.ts";

/** Parameters of {@linkcode cosineKnn}. */
export interface CosineKnnParams {
  /** Neighbours per item. */
  readonly top_k: number;
  /** Whether the item itself is left out before its neighbours are chosen; otherwise it takes one of their places. */
  readonly exclude_self_first: boolean;
  /** Added to the divisor, so that items with few interactions count less; only with `normalize`. */
  readonly shrinkage: number;
  /** How the second factor is weighted. */
  readonly feature_weighting: FeatureWeighting;
  /** Whether to divide by the norms. */
  readonly normalize: boolean;
}

/**
 * Items are alike when the same users have them: `s_ij / (|x_i| |x̂_j| + shrinkage)` with `s = Xᵀ X̂`, or `s_ij` alone.
 * O(Σ_u n_u²) multiply-adds.
 */
export const cosineKnn: Algorithm<CosineKnnParams> = {
  name: "CosineKNN",
  aliases: ["CosinekNN"],
  reference:
    "Sarwar et al., Item-based collaborative filtering recommendation algorithms, WWW 2001, https://doi.org/10.1145/371920.372071",
  params: z.strictObject({
    top_k: z.int().min(1).default(100),
    exclude_self_first: z.boolean().default(false),
    shrinkage: z.number().min(0).default(0),
    feature_weighting: z.enum(["NONE", "TF_IDF", "BM_25"]).default("NONE"),
    normalize: z.boolean().default(false),
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
  cost: (shape, { top_k }) => itemNeighboursCost(shape, top_k),
  async fit(matrix, params, context): Promise<Model> {
    const { shrinkage, feature_weighting, normalize } = params;
    const weighted = await weightedMatrix(matrix, feature_weighting, context);
    const places = {
      topK: params.top_k,
      excludeSelfFirst: params.exclude_self_first,
    };
    const rowNorm = columnNorms(matrix);
    const colNorm = columnNorms(weighted);
    refuseOverflow("CosineKNN", matrix.values, rowNorm, colNorm);
    const ones = new Float32Array(matrix.cols).fill(1);
    const neighbours = await itemNeighbours(matrix, weighted, places, {
      rowNorm: normalize ? rowNorm : ones,
      colNorm: normalize ? colNorm : ones,
      shrinkage: normalize ? shrinkage + EPSILON : 0,
    }, context);
    return similarityModel("CosineKNN", neighbours);
  },
};
