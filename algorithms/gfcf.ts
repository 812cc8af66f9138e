import { z } from "zod";
import { fitLowPassFilter, lowPassFilterCost } from "./_low_pass_filter.ts";
import type { Algorithm } from "./algorithm.ts";

/** Parameters of {@linkcode gfcf}. */
export interface GfcfParams {
  /** Singular vectors that the ideal low-pass filter lets through. */
  readonly n_components: number;
  /** Weight of the ideal filter beside the linear one. */
  readonly alpha: number;
  /** Weights kept per item of a history: its largest by magnitude. */
  readonly top_k: number;
}

/**
 * A linear and an ideal low-pass filter on the graph of items: `W = P + α D^-½ V Vᵀ D^½`, where `P` is the normalised
 * Gram matrix, `V` its leading eigenvectors and `D` the items' degrees. O(items² · n_components).
 */
export const gfcf: Algorithm<GfcfParams> = {
  name: "GFCF",
  aliases: ["GF-CF"],
  reference:
    "Shen et al., How powerful is graph convolution for recommendation?, CIKM 2021, https://arxiv.org/abs/2108.07567",
  params: z.strictObject({
    n_components: z.int().min(1).default(256),
    alpha: z.number().min(0).default(0.3),
    top_k: z.int().min(1).default(1000),
  }),
  space: {
    n_components: { type: "int", low: 16, high: 512, log: true },
    alpha: { type: "float", low: 0, high: 1 },
  },
  cost: (shape, { n_components, top_k }) =>
    lowPassFilterCost(shape, n_components, 1, top_k),
  fit: (matrix, { n_components, alpha, top_k }, context) =>
    fitLowPassFilter(matrix, {
      name: "GFCF",
      components: n_components,
      share: alpha,
      polynomial: [1],
      topK: top_k,
      remedy: "lower alpha",
    }, context),
};
