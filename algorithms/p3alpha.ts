import { z } from "zod";
import { fitRandomWalk, randomWalkCost } from "./_random_walk.ts";
import type { Algorithm } from "./algorithm.ts";

/** Parameters of {@linkcode p3alpha}. */
export interface P3alphaParams {
  /** Sources kept per target item; null: all. */
  readonly top_k: number | null;
  /** Power of the values before they are made probabilities; without effect on binary data. */
  readonly alpha: number;
  /** Whether the weights of each source item are made to sum to 1. */
  readonly normalize_weight: boolean;
}

/** Three random steps from an item through a user to another item: `W_ji = Σ_u P_ju P_ui`. O(Σ_u n_u²) multiply-adds. */
export const p3alpha: Algorithm<P3alphaParams> = {
  name: "P3alpha",
  aliases: [],
  reference:
    "Cooper et al., Random walks in recommender systems: exact computation and simulations, WWW 2014, https://doi.org/10.1145/2567948.2579244",
  params: z.strictObject({
    top_k: z.int().min(1).nullable().default(null),
    alpha: z.number().min(0).default(1),
    normalize_weight: z.boolean().default(false),
  }),
  space: {
    top_k: { type: "int", low: 10, high: 1000 },
    normalize_weight: { type: "categorical", choices: [false, true] },
  },
  cost: (shape, { top_k }) => randomWalkCost(shape, top_k),
  fit: (matrix, { top_k, alpha, normalize_weight }, context) =>
    fitRandomWalk(matrix, {
      name: "P3alpha",
      topK: top_k,
      alpha,
      alphaOn: "values",
      beta: 0,
      normalizeWeight: normalize_weight,
    }, context),
};
