import { z } from "zod";
import type { Csr } from "../core/kernels/csr.ts";
import { transpose } from "../core/kernels/transpose.ts";
import type { Model } from "../core/models/model.ts";
import { degreePowers, degreesOf, scaleByDegrees } from "./_degrees.ts";
import { boundedSimilarity } from "./_similarity_model.ts";
import type { Algorithm } from "./algorithm.ts";

/** Parameters of {@linkcode turboCf}. */
export interface TurboCfParams {
  /** Power of the users' degrees in the normalisation; 1 less this is that of the items'. */
  readonly alpha: number;
  /** Power of each entry of the item graph. */
  readonly power: number;
  /** 1: the graph itself; 2: `2P - P²`, of the entries that are kept. */
  readonly filter: 1 | 2;
  /** Weights kept per item of a history: its largest. */
  readonly top_k: number;
}

/**
 * Polynomial filters on an item graph with adjusted entries: `P_ij = (Σ_u x_ui x_uj / d_u^2α)^s / (d_i d_j)^s(1-α)` with the
 * degrees d of users and items. O(Σ_u n_u²) multiply-adds, and O(items · top_k²) for the second filter.
 */
export const turboCf: Algorithm<TurboCfParams> = {
  name: "TurboCF",
  aliases: ["Turbo-CF"],
  reference:
    "Park et al., Turbo-CF: Matrix decomposition-free graph filtering for fast recommendation, SIGIR 2024, https://arxiv.org/abs/2404.14243",
  params: z.strictObject({
    alpha: z.number().min(0).max(1).default(0.6),
    power: z.number().positive().default(0.7),
    filter: z.literal([1, 2]).default(1),
    top_k: z.int().min(1).default(1000),
  }),
  space: {
    alpha: { type: "float", low: 0, high: 1 },
    power: { type: "float", low: 0.3, high: 2 },
    filter: { type: "categorical", choices: [1, 2] },
  },
  cost({ users, items, nonZeros }, { filter, top_k }) {
    const kept = Math.min(top_k, items);
    return {
      bytes: 48 * nonZeros + 24 * items * kept,
      flops: 2 * nonZeros ** 2 / Math.max(users, 1) +
        (filter === 2 ? 2 * items * kept ** 2 : 0),
    };
  },
  async fit(matrix, params, context): Promise<Model> {
    const { alpha, power, filter, top_k } = params;
    const { kernels, signal, shared } = context;
    const degrees = await shared.get("degrees", () => degreesOf(matrix));
    const normalized = scaleByDegrees(
      "TurboCF",
      matrix,
      degreePowers(degrees.users, -alpha),
      degreePowers(degrees.items, alpha - 1),
    );
    const ones = new Float32Array(matrix.cols).fill(1);
    const product = (left: Csr, right: Csr) =>
      kernels.similarityTopK({
        left,
        right,
        rowNorm: ones,
        colNorm: ones,
        shrinkage: 0,
        topK: Math.max(1, Math.min(top_k, matrix.cols)),
      }, signal);
    const graph = await product(transpose(normalized), normalized);
    for (const [n, value] of graph.values.entries()) {
      graph.values[n] = value ** power;
    }
    const weights = filter === 1 ? graph : await product(...secondOrder(graph));
    return boundedSimilarity("TurboCF", weights, matrix.values);
  },
};

/** Factors of `2P - P²`: beside each other `P` and the identity, below each other `-P` and `2P`. */
function secondOrder(
  { rows, cols, indptr, indices, values }: Csr,
): [Csr, Csr] {
  const entries = indices.length;
  const left = {
    rows,
    cols: cols + rows,
    indptr: indptr.map((start, row) => start + row),
    indices: new Uint32Array(entries + rows),
    values: new Float32Array(entries + rows).fill(1),
  };
  for (let row = 0; row < rows; row++) {
    const [begin, end] = [indptr[row]!, indptr[row + 1]!];
    left.indices.set(indices.subarray(begin, end), begin + row);
    left.values.set(values.subarray(begin, end), begin + row);
    left.indices[end + row] = cols + row;
  }
  const right = {
    rows: 2 * rows,
    cols,
    indptr: new Uint32Array(2 * rows + 1),
    indices: new Uint32Array(2 * entries),
    values: new Float32Array(2 * entries),
  };
  right.indptr.set(indptr);
  right.indices.set(indices);
  right.indices.set(indices, entries);
  for (let row = 1; row <= rows; row++) {
    right.indptr[rows + row] = entries + indptr[row]!;
  }
  for (let n = 0; n < entries; n++) {
    right.values[n] = -values[n]!;
    right.values[entries + n] = 2 * values[n]!;
  }
  return [left, right];
}
