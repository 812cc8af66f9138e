import { z } from "zod";
import type { Csr } from "../core/kernels/csr.ts";
import { transpose } from "../core/kernels/transpose.ts";
import type { Model } from "../core/models/model.ts";
import { requireFinite } from "./_require_finite.ts";
import { similarityModel } from "./_similarity_model.ts";
import type { Algorithm, FitContext } from "./algorithm.ts";

/** Parameters of {@linkcode slim}. */
export interface SlimParams {
  /** Strength of the regularisation, per user. */
  readonly alpha: number;
  /** Share of it that is on the weights' magnitudes, the rest being on their squares. */
  readonly l1_ratio: number;
  /** Whether weights below 0 are ruled out. */
  readonly positive_only: boolean;
  /** Rounds of coordinate descent at most, per item. */
  readonly n_iter: number;
  /** A round that changes no weight by this much is the last. */
  readonly tol: number;
  /** Weights kept per target item, the largest by magnitude; null: all. */
  readonly top_k: number | null;
}

/**
 * Every item is predicted from all others by a sparse regression:
 * `½‖x_j - X w‖² + ½ U α (1 - l1_ratio) ‖w‖² + U α l1_ratio ‖w‖₁`, `w_j = 0`. Coordinate descent on the sparse Gram
 * matrix; O(Σ_u n_u²) multiply-adds for that, and per item O(rounds · weights that change · entries of their rows).
 */
export const slim: Algorithm<SlimParams> = {
  name: "SLIM",
  aliases: [],
  reference:
    "Ning, Karypis, SLIM: Sparse linear methods for top-N recommender systems, ICDM 2011, https://doi.org/10.1109/ICDM.2011.134",
  params: z.strictObject({
    alpha: z.number().min(0).default(0.05),
    l1_ratio: z.number().min(0).max(1).default(0.01),
    positive_only: z.boolean().default(true),
    n_iter: z.int().min(1).default(100),
    tol: z.number().min(0).default(1e-4),
    top_k: z.int().min(1).nullable().default(null),
  }),
  space: {
    alpha: { type: "float", low: 1e-5, high: 1, log: true },
    l1_ratio: { type: "float", low: 0, high: 1 },
  },
  cost({ users, items, nonZeros }) {
    // Users have fewer items than √items as a rule, which bounds the entries of their products.
    const entries = Math.min(items * items, nonZeros * Math.sqrt(items));
    const products = nonZeros * nonZeros / Math.max(users, 1);
    return { bytes: 16 * entries + 24 * items, flops: 40 * products };
  },
  async fit(matrix, params, context): Promise<Model> {
    const gram = await context.shared.get(
      "gram",
      () => gramOf(matrix, context),
    );
    const strength = matrix.rows * params.alpha;
    const weights = await context.kernels.elasticNet({
      gram,
      l1: strength * params.l1_ratio,
      l2: strength * (1 - params.l1_ratio),
      positiveOnly: params.positive_only,
      rounds: params.n_iter,
      tolerance: params.tol,
      topK: params.top_k ?? Math.max(1, matrix.cols),
    }, context.signal);
    return similarityModel("SLIM", transpose(weights));
  },
};

/** `XᵀX`, sparse. */
async function gramOf(
  matrix: Csr,
  { kernels, signal, shared }: FitContext,
): Promise<Csr> {
  const ones = new Float32Array(matrix.cols).fill(1);
  const gram = await kernels.similarityTopK({
    left: await shared.get("transpose", () => transpose(matrix)),
    right: matrix,
    rowNorm: ones,
    colNorm: ones,
    shrinkage: 0,
    topK: Math.max(1, matrix.cols),
  }, signal);
  requireFinite(
    gram.values,
    "SLIM: a sum of products of interaction weights is not finite; the interaction weights are too large",
  );
  return gram;
}
