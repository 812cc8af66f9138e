import { z } from "zod";
import {
  closedFormCost,
  fitClosedForm,
  settledNeighbours,
} from "./_closed_form.ts";
import type { Algorithm } from "./algorithm.ts";

/** Parameters of {@linkcode edlae}. */
export interface EdlaeParams {
  /** Strength of the ridge, the same for all items. */
  readonly reg: number;
  /** Share of the inputs that training leaves out, on average. */
  readonly dropout_p: number;
  /** As in {@linkcode DenseSlimParams}. */
  readonly neighbours: number | null;
}

/**
 * EASE trained with dropout, which amounts to a ridge of each item's own:
 * `P = (G + diag(p / (1 - p) · G_ii + reg))⁻¹`, `G = XᵀX`, `W_ij = -P_ij / P_jj`. O(items³);
 * with `neighbours` as {@linkcode denseSlim} has it.
 */
export const edlae: Algorithm<EdlaeParams> = {
  name: "EDLAE",
  aliases: [],
  reference:
    "Steck, Autoencoders that don't overfit towards the identity, NeurIPS 2020, https://proceedings.neurips.cc/paper/2020/hash/e33d974aae13e4d877477d51d8bafdc4-Abstract.html",
  params: z.strictObject({
    reg: z.number().positive().default(1),
    dropout_p: z.number().min(0).max(0.99).default(0.1),
    neighbours: z.int().min(1).nullable().default(null),
  }),
  space: {
    reg: { type: "float", low: 1, high: 1e4, log: true },
    dropout_p: { type: "float", low: 0, high: 0.99 },
  },
  weights: "dense",
  settled: settledNeighbours,
  cost: closedFormCost,
  fit(matrix, { reg, dropout_p, neighbours }, context) {
    const share = dropout_p / (1 - dropout_p);
    const ridge = (square: number) => share * square + reg;
    const form = { name: "EDLAE", reg, ridge, neighbours };
    return fitClosedForm(matrix, form, context);
  },
};
