import { z } from "zod";
import { fitLowPassFilter, lowPassFilterCost } from "./_low_pass_filter.ts";
import type { Algorithm } from "./algorithm.ts";

/** Parameters of {@linkcode bspm}. */
export interface BspmParams {
  /** Singular vectors that the ideal low-pass filter lets through. */
  readonly n_components: number;
  /** Weight of the ideal filter beside the blur. */
  readonly idl_beta: number;
  /** Length of the one step that sharpens. */
  readonly sharpening_time: number;
  /** Weights kept per item of a history: its largest by magnitude. */
  readonly top_k: number;
}

/**
 * Blurring and sharpening, both processes of which start from the same history (BSPM-EM): one Euler step of blur, `P`,
 * and an ideal low-pass filter, `D^-½ V Vᵀ D^½`; their sum is sharpened, `y' = -y P`, in one step of the classical
 * Runge–Kutta method, which is the polynomial `Σ (-h P)^k / k!`, k from 0 to 4. The step is longer than is accurate for
 * the equation: it is a filter, not a solution. O(items · (8 non-zeros + items · n_components)).
 */
export const bspm: Algorithm<BspmParams> = {
  name: "BSPM",
  aliases: [],
  reference:
    "Choi et al., Blurring-sharpening process models for collaborative filtering, SIGIR 2023, https://arxiv.org/abs/2211.09324",
  params: z.strictObject({
    n_components: z.int().min(1).default(448),
    idl_beta: z.number().min(0).default(0.2),
    sharpening_time: z.number().min(0).default(2.5),
    top_k: z.int().min(1).default(1000),
  }),
  space: {
    n_components: { type: "int", low: 16, high: 512, log: true },
    idl_beta: { type: "float", low: 0, high: 1 },
    sharpening_time: { type: "float", low: 0, high: 4 },
  },
  cost: (shape, { n_components, top_k }) =>
    lowPassFilterCost(shape, n_components, 5, top_k),
  fit(matrix, params, context) {
    const step = -params.sharpening_time;
    return fitLowPassFilter(matrix, {
      name: "BSPM",
      components: params.n_components,
      share: params.idl_beta,
      polynomial: [1, step, step ** 2 / 2, step ** 3 / 6, step ** 4 / 24],
      topK: params.top_k,
      remedy: "lower idl_beta or sharpening_time",
    }, context);
  },
};
