import { z } from "zod";
import type { Csr } from "../core/kernels/csr.ts";
import { transpose } from "../core/kernels/transpose.ts";
import type { Model } from "../core/models/model.ts";
import { SimilarityModel } from "../core/models/similarity.ts";
import { requireFinite } from "./_require_finite.ts";
import type { Algorithm } from "./algorithm.ts";

/** Parameters of {@linkcode rp3beta}. */
export interface Rp3betaParams {
  /** Sources kept per target item. */
  readonly top_k: number;
  /** Power of the values before they are made probabilities; without effect on binary data. */
  readonly alpha: number;
  /** Power of the target's popularity, by which its weights are divided. */
  readonly beta: number;
  /** Whether the weights of each source item are made to sum to 1. */
  readonly normalize_weight: boolean;
}

const OVERFLOW =
  "RP3beta overflowed: an item's popularity to the power of beta is not finite, or too close to 0 to divide by; lower beta or scale the interaction weights";

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
    beta: z.number().min(0).default(0.6),
    normalize_weight: z.boolean().default(false),
  }),
  space: {
    top_k: { type: "int", low: 2, high: 1000 },
    beta: { type: "float", low: 1e-5, high: 0.5, log: true },
    normalize_weight: { type: "categorical", choices: [false, true] },
  },
  cost({ users, items, nonZeros }, { top_k }) {
    return {
      bytes: 24 * nonZeros + 24 * items * Math.min(top_k, items),
      flops: 2 * nonZeros * nonZeros / Math.max(users, 1),
    };
  },
  async fit(matrix, params, { kernels, signal }): Promise<Model> {
    const powered = power(matrix, params.alpha);
    requireFinite(
      powered.values,
      "RP3beta overflowed: one of the interaction weights to the power of alpha is not finite; lower alpha",
    );
    const divisors = popularity(matrix).map((sum) => sum ** params.beta);
    requireFinite(divisors, OVERFLOW);
    const byItem = transpose(powered);
    // Row i of Wᵀ, target i: Σ_u P_ui · P_ju, the first by user, the second by item.
    const left = transpose(rowsSummingToOne(powered));
    const right = transpose(rowsSummingToOne(byItem));
    const targets = await kernels.similarityTopK({
      left,
      right,
      rowNorm: divisors,
      colNorm: new Float32Array(matrix.cols).fill(1),
      shrinkage: 0,
      topK: Math.max(1, Math.min(params.top_k, matrix.cols)),
    }, signal);
    requireFinite(targets.values, OVERFLOW);
    const weights = transpose(targets);
    return new SimilarityModel(
      params.normalize_weight ? rowsSummingToOne(weights) : weights,
    );
  },
};

function power(matrix: Csr, exponent: number): Csr {
  return exponent === 1
    ? matrix
    : { ...matrix, values: matrix.values.map((value) => value ** exponent) };
}

function popularity({ cols, indices, values }: Csr): Float32Array {
  const sums = new Float64Array(cols);
  for (let n = 0; n < indices.length; n++) sums[indices[n]!]! += values[n]!;
  // An item that nobody has is no target of anything; 1 keeps its divisor from being 0.
  return Float32Array.from(sums, (sum) => sum === 0 ? 1 : sum);
}

function rowsSummingToOne(matrix: Csr): Csr {
  const { rows, indptr } = matrix;
  const values = matrix.values.slice();
  for (let row = 0; row < rows; row++) {
    const own = values.subarray(indptr[row]!, indptr[row + 1]!);
    let sum = 0;
    for (const value of own) sum += value;
    if (sum !== 0) { for (let n = 0; n < own.length; n++) own[n]! /= sum; }
  }
  return { ...matrix, values };
}
