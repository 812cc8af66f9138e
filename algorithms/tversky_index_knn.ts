import { z } from "zod";
import { itemNeighboursCost } from "./_neighbours.ts";
import { fitSetSimilarity } from "./_set_similarity.ts";
import type { Algorithm } from "./algorithm.ts";

/** Parameters of {@linkcode tverskyIndexKnn}. */
export interface TverskyIndexKnnParams {
  /** Neighbours per item. */
  readonly top_k: number;
  /** Whether the item itself is left out before its neighbours are chosen; otherwise it takes one of their places. */
  readonly exclude_self_first: boolean;
  /** Added to the divisor, so that items with few interactions count less. */
  readonly shrinkage: number;
  /** Weight of the users that only the item of the history has. */
  readonly alpha: number;
  /** Weight of the users that only the scored item has. */
  readonly beta: number;
}

/**
 * A likeness of sets of users that may lean to one of them: `c / (c + α (n_i - c) + β (n_j - c) + shrinkage)`.
 * Weights of interactions have no say. O(Σ_u n_u²) multiply-adds.
 */
export const tverskyIndexKnn: Algorithm<TverskyIndexKnnParams> = {
  name: "TverskyIndexKNN",
  aliases: [],
  reference:
    "Tversky, Features of similarity, Psychological Review 1977, https://doi.org/10.1037/0033-295X.84.4.327",
  params: z.strictObject({
    top_k: z.int().min(1).default(100),
    exclude_self_first: z.boolean().default(false),
    shrinkage: z.number().min(0).default(0),
    alpha: z.number().min(0).default(0.5),
    beta: z.number().min(0).default(0.5),
  }),
  space: {
    top_k: { type: "int", low: 4, high: 1000 },
    shrinkage: { type: "float", low: 0, high: 1000 },
    alpha: { type: "float", low: 0, high: 2 },
    beta: { type: "float", low: 0, high: 2 },
  },
  cost: (shape, { top_k }) => itemNeighboursCost(shape, top_k),
  fit: (matrix, params, context) =>
    fitSetSimilarity(matrix, {
      name: "TverskyIndexKNN",
      topK: params.top_k,
      excludeSelfFirst: params.exclude_self_first,
      shrinkage: params.shrinkage,
      alpha: params.alpha,
      beta: params.beta,
    }, context),
};
