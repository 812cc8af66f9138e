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

/** Parameters of {@linkcode asymmetricCosineKnn}. */
export interface AsymmetricCosineKnnParams {
  /** Neighbours per item. */
  readonly top_k: number;
  /** Whether the item itself is left out before its neighbours are chosen; otherwise it takes one of their places. */
  readonly exclude_self_first: boolean;
  /** Added to the divisor, so that items with few interactions count less. */
  readonly shrinkage: number;
  /** How the second factor is weighted. */
  readonly feature_weighting: FeatureWeighting;
  /** Share of the divisor that the item of the history bears; 0.5 is the cosine. */
  readonly alpha: number;
}

/**
 * A cosine whose divisor leans to one of its items: `s_ij / (|x_i|^2α |x̂_j|^2(1-α) + shrinkage)` with `s = Xᵀ X̂`.
 * O(Σ_u n_u²) multiply-adds.
 */
export const asymmetricCosineKnn: Algorithm<AsymmetricCosineKnnParams> = {
  name: "AsymmetricCosineKNN",
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
  cost: (shape, { top_k }) => itemNeighboursCost(shape, top_k),
  async fit(matrix, params, context): Promise<Model> {
    const { shrinkage, feature_weighting, alpha } = params;
    const weighted = await weightedMatrix(matrix, feature_weighting, context);
    const places = {
      topK: params.top_k,
      excludeSelfFirst: params.exclude_self_first,
    };
    const rowNorm = columnNorms(matrix);
    const colNorm = columnNorms(weighted);
    refuseOverflow("AsymmetricCosineKNN", matrix.values, rowNorm, colNorm);
    const neighbours = await itemNeighbours(matrix, weighted, places, {
      rowNorm: rowNorm.map((norm) => norm ** (2 * alpha)),
      colNorm: colNorm.map((norm) => norm ** (2 - 2 * alpha)),
      shrinkage: shrinkage + EPSILON,
    }, context);
    return similarityModel("AsymmetricCosineKNN", neighbours);
  },
};
