import { z } from "zod";
import { closedFormCost, fitClosedForm } from "./_closed_form.ts";
import type { Algorithm } from "./algorithm.ts";

/** Parameters of {@linkcode denseSlim}. */
export interface DenseSlimParams {
  /** Strength of the ridge. */
  readonly reg: number;
}

/**
 * Every item is predicted from all others by a ridge regression, all of them at once from one inverse (EASE):
 * `P = (XᵀX + reg I)⁻¹`, `W_ij = -P_ij / P_jj`. O(items³) whatever the number of interactions.
 */
export const denseSlim: Algorithm<DenseSlimParams> = {
  name: "DenseSLIM",
  aliases: ["EASE"],
  reference:
    "Steck, Embarrassingly shallow autoencoders for sparse data, WWW 2019, https://arxiv.org/abs/1905.03375",
  params: z.strictObject({ reg: z.number().positive().default(1) }),
  space: { reg: { type: "float", low: 1, high: 1e4, log: true } },
  weights: "dense",
  cost: closedFormCost,
  fit: (matrix, { reg }, context) =>
    fitClosedForm(
      matrix,
      { name: "DenseSLIM", reg, ridge: () => reg },
      context,
    ),
};
