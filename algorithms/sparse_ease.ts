import { z } from "zod";
import { fitLocalRidge, localRidgeCost } from "./_local_ridge.ts";
import type { Algorithm } from "./algorithm.ts";

/** Parameters of {@linkcode sparseEase}. */
export interface SparseEaseParams {
  /** Strength of the ridge. */
  readonly reg: number;
  /** Share of interactions that are dropped at random while learning, in expectation; below 1. */
  readonly dropout_p: number;
  /** Items that each is predicted from, the most similar by cosine. */
  readonly neighbours: number;
}

/**
 * Every item is predicted from its nearest by a ridge regression: EASE, or with `dropout_p` EDLAE, within a neighbourhood. Weights between items that
 * have little in common are mostly noise, so this often ranks better than all of them, and takes
 * O(items · neighbours³ + Σ_u n_u²) instead of O(items³).
 *
 * The local solves of Steck's sparse Markov random fields, without their averaging over overlapping neighbourhoods; also
 * factorised sparse approximate inverses (Kolotilina, Yeremin, SIAM J. Matrix Anal. Appl. 1993).
 */
export const sparseEase: Algorithm<SparseEaseParams> = {
  name: "SparseEASE",
  aliases: [],
  reference:
    "Steck, Markov random fields for collaborative filtering, NeurIPS 2019, https://arxiv.org/abs/1910.09645",
  params: z.strictObject({
    reg: z.number().positive().default(30),
    dropout_p: z.number().min(0).lt(1).default(0),
    neighbours: z.int().min(1).default(128),
  }),
  space: {
    reg: { type: "float", low: 1, high: 1e3, log: true },
    dropout_p: { type: "float", low: 0, high: 0.9 },
    neighbours: { type: "int", low: 16, high: 256, log: true },
  },
  cost: (shape, { neighbours }) => localRidgeCost(shape, neighbours),
  fit(matrix, { reg, dropout_p, neighbours }, context) {
    const odds = dropout_p / (1 - dropout_p);
    const ridge = (square: number) => odds * square + reg;
    const form = { name: "SparseEASE", reg, ridge, neighbours };
    return fitLocalRidge(matrix, form, neighbours, context);
  },
};
