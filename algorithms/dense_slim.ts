import { z } from "zod";
import {
  closedFormCost,
  fitClosedForm,
  settledNeighbours,
} from "./_closed_form.ts";
import type { Algorithm } from "./algorithm.ts";

/** Parameters of {@linkcode denseSlim}. */
export interface DenseSlimParams {
  /** Strength of the ridge. */
  readonly reg: number;
  /**
   * Items that each is predicted from, the most similar by cosine; null: all of them while their inverse has room in 4
   * GiB, which is up to 41,000 items, and 256 beyond.
   */
  readonly neighbours: number | null;
}

/**
 * Every item is predicted from all others by a ridge regression, all of them at once from one inverse (EASE):
 * `P = (XᵀX + reg I)⁻¹`, `W_ij = -P_ij / P_jj`. O(items³) whatever the number of interactions.
 *
 * With `neighbours` each column of P is that of the inverse for an item and its neighbours alone, as in the local solves
 * of Steck, Markov random fields for collaborative filtering, NeurIPS 2019, https://arxiv.org/abs/1910.09645, and of
 * factorised sparse approximate inverses (Kolotilina, Yeremin 1993): O(items · neighbours³ + Σ_u n_u²). What sparse
 * factorisations of the whole matrix do for the same end: Spišák et al., Scalable approximate nonsymmetric autoencoder
 * for collaborative filtering (SANSA), RecSys 2023, https://doi.org/10.1145/3604915.3608827.
 */
export const denseSlim: Algorithm<DenseSlimParams> = {
  name: "DenseSLIM",
  aliases: ["EASE"],
  reference:
    "Steck, Embarrassingly shallow autoencoders for sparse data, WWW 2019, https://arxiv.org/abs/1905.03375",
  params: z.strictObject({
    reg: z.number().positive().default(1),
    neighbours: z.int().min(1).nullable().default(null),
  }),
  space: { reg: { type: "float", low: 1, high: 1e4, log: true } },
  weights: "dense",
  settled: settledNeighbours,
  cost: closedFormCost,
  fit: (matrix, { reg, neighbours }, context) =>
    fitClosedForm(
      matrix,
      { name: "DenseSLIM", reg, ridge: () => reg, neighbours },
      context,
    ),
};
