import type { Csr } from "../core/kernels/csr.ts";
import type { Model } from "../core/models/model.ts";
import { EPSILON, itemNeighbours, type Places } from "./_neighbours.ts";
import { similarityModel } from "./_similarity_model.ts";
import type { FitContext } from "./algorithm.ts";

/** What weighs how much in the divisor of a set similarity. */
export interface SetSimilarity extends Places {
  readonly name: string;
  readonly shrinkage: number;
  /** Weight of the users that only the item of the history has. */
  readonly alpha: number;
  /** Weight of the users that only the scored item has. */
  readonly beta: number;
}

/** Items are alike as sets of users: `c / (c + α (n_i - c) + β (n_j - c) + shrinkage)`, c users having both. */
export async function fitSetSimilarity(
  matrix: Csr,
  settings: SetSimilarity,
  context: FitContext,
): Promise<Model> {
  const { shared } = context;
  const { name, shrinkage, alpha, beta } = settings;
  const values = new Float32Array(matrix.indices.length).fill(1);
  const binary = { ...matrix, values };
  const counts = new Float32Array(matrix.cols);
  for (const item of matrix.indices) counts[item]! += 1;
  const neighbours = await itemNeighbours(binary, binary, settings, {
    rowNorm: counts.map((count) => alpha * count),
    colNorm: counts.map((count) => beta * count),
    shrinkage: shrinkage + EPSILON,
    overlap: 1 - alpha - beta,
  }, {
    ...context,
    shared: {
      get: (key, make) => shared.get(`binary ${key}`, make),
    },
  });
  return similarityModel(name, neighbours);
}
