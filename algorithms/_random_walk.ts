import type { Csr } from "../core/kernels/csr.ts";
import { transpose } from "../core/kernels/transpose.ts";
import type { Model } from "../core/models/model.ts";
import { requireFinite } from "./_require_finite.ts";
import { similarityModel } from "./_similarity_model.ts";
import type { Cost, FitContext, MatrixShape } from "./algorithm.ts";

/** Three random steps from an item through a user to another item. */
export interface RandomWalk {
  readonly name: string;
  /** Sources kept per target item; null: all. */
  readonly topK: number | null;
  /** A power of the values, or of the probabilities that they become. */
  readonly alpha: number;
  readonly alphaOn: "values" | "probabilities";
  /** Power of the target's popularity, by which its weights are divided. */
  readonly beta: number;
  /** Whether the weights of each source item are made to sum to 1. */
  readonly normalizeWeight: boolean;
}

/** `W_ji = Σ_u P_ju P_ui / pop_i^β`, the `topK` largest per target i. O(Σ_u n_u²) multiply-adds. */
export async function fitRandomWalk(
  matrix: Csr,
  { name, topK, alpha, alphaOn, beta, normalizeWeight }: RandomWalk,
  { kernels, signal }: FitContext,
): Promise<Model> {
  signal.throwIfAborted();
  const steps = (from: Csr) =>
    alphaOn === "values"
      ? rowsSummingToOne(power(from, alpha))
      : power(rowsSummingToOne(from), alpha);
  // Row i of Wᵀ, target i: Σ_u P_ui · P_ju, the first by user, the second by item.
  const left = transpose(steps(matrix));
  const right = transpose(steps(transpose(matrix)));
  for (const { values } of [left, right]) {
    requireFinite(
      values,
      `${name} overflowed: a sum of interaction weights to the power of alpha is not finite; lower alpha or scale the weights down`,
    );
  }
  const divisors = popularity(matrix).map((sum) => sum ** beta);
  const overflow =
    `${name} overflowed: an item's popularity to the power of beta is not finite, or too close to 0 to divide by; lower beta or scale the interaction weights`;
  requireFinite(divisors, overflow);
  const targets = await kernels.similarityTopK({
    left,
    right,
    rowNorm: divisors,
    colNorm: new Float32Array(matrix.cols).fill(1),
    shrinkage: 0,
    topK: Math.max(1, Math.min(topK ?? matrix.cols, matrix.cols)),
  }, signal);
  requireFinite(targets.values, overflow);
  const weights = transpose(targets);
  return similarityModel(
    name,
    normalizeWeight ? rowsSummingToOne(weights) : weights,
  );
}

/** What it costs to find `topK` sources per item. */
export function randomWalkCost(
  { users, items, nonZeros }: MatrixShape,
  topK: number | null,
): Cost {
  return {
    bytes: 24 * nonZeros + 24 * items * Math.min(topK ?? items, items),
    flops: 2 * nonZeros * nonZeros / Math.max(users, 1),
  };
}

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
