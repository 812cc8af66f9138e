import { z } from "zod";
import { itemNeighboursCost } from "./_neighbours.ts";
import { fitSetSimilarity } from "./_set_similarity.ts";
import type { Algorithm } from "./algorithm.ts";

/** Parameters of {@linkcode jaccardKnn}. */
export interface JaccardKnnParams {
  /** Neighbours per item. */
  readonly top_k: number;
  /** Whether the item itself is left out before its neighbours are chosen; otherwise it takes one of their places. */
  readonly exclude_self_first: boolean;
  /** Added to the divisor, so that items with few interactions count less. */
  readonly shrinkage: number;
}

/**
 * Items are alike by the share of users who have both among those who have either: `c / (n_i + n_j - c + shrinkage)`.
 * Weights of interactions have no say. O(Σ_u n_u²) multiply-adds.
 */
export const jaccardKnn: Algorithm<JaccardKnnParams> = {
  name: "JaccardKNN",
  aliases: [],
  reference:
    "Jaccard, The distribution of the flora in the alpine zone, New Phytologist 1912, https://doi.org/10.1111/j.1469-8137.1912.tb05611.x",
  params: z.strictObject({
    top_k: z.int().min(1).default(100),
    exclude_self_first: z.boolean().default(false),
    shrinkage: z.number().min(0).default(0),
  }),
  space: {
    top_k: { type: "int", low: 4, high: 1000 },
    shrinkage: { type: "float", low: 0, high: 1000 },
  },
  cost: (shape, { top_k }) => itemNeighboursCost(shape, top_k),
  fit: (matrix, { top_k, exclude_self_first, shrinkage }, context) =>
    fitSetSimilarity(matrix, {
      name: "JaccardKNN",
      topK: top_k,
      excludeSelfFirst: exclude_self_first,
      shrinkage,
      alpha: 1,
      beta: 1,
    }, context),
};
