import { z } from "zod";
import { fitRandomWalk, randomWalkCost } from "./_random_walk.ts";
import type { Algorithm } from "./algorithm.ts";

/** Parameters of {@linkcode rp3beta}. */
export interface Rp3betaParams {
  /** Sources kept per target item. */
  readonly top_k: number;
  /** A power, of what `alpha_on` says. */
  readonly alpha: number;
  /**
   * `values`: the power is taken before values become probabilities, without effect on binary data. `probabilities`: it
   * is taken afterwards, as in the implementations of Dacrema et al. and of Elliot.
   */
  readonly alpha_on: "values" | "probabilities";
  /** Power of the target's popularity, by which its weights are divided. */
  readonly beta: number;
  /** Whether the weights of each source item are made to sum to 1. */
  readonly normalize_weight: boolean;
}

/**
 * Three random steps from an item through a user to another item, popular targets held back:
 * `W_ji = Σ_u P_ju P_ui / pop_i^β`. O(Σ_u n_u²) multiply-adds.
 */
export const rp3beta: Algorithm<Rp3betaParams> = {
  name: "RP3beta",
  aliases: [],
  reference:
    "Paudel et al., Updatable, accurate, diverse, and scalable recommendations for interactive applications, ACM TiiS 2017, https://doi.org/10.1145/2955101",
  params: z.strictObject({
    top_k: z.int().min(1).default(100),
    alpha: z.number().min(0).default(1),
    alpha_on: z.enum(["values", "probabilities"]).default("values"),
    beta: z.number().min(0).default(0.6),
    normalize_weight: z.boolean().default(false),
  }),
  space: {
    top_k: { type: "int", low: 2, high: 1000 },
    beta: { type: "float", low: 1e-5, high: 0.5, log: true },
    normalize_weight: { type: "categorical", choices: [false, true] },
  },
  cost: (shape, { top_k }) => randomWalkCost(shape, top_k),
  fit: (matrix, params, context) =>
    fitRandomWalk(matrix, {
      name: "RP3beta",
      topK: params.top_k,
      alpha: params.alpha,
      alphaOn: params.alpha_on,
      beta: params.beta,
      normalizeWeight: params.normalize_weight,
    }, context),
};
