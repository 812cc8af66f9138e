import { z } from "zod";
import type { Csr } from "../core/kernels/csr.ts";
import { transpose } from "../core/kernels/transpose.ts";
import type { Model } from "../core/models/model.ts";
import { SimilarityModel } from "../core/models/similarity.ts";
import { columnNorms } from "./_column_norms.ts";
import { type FeatureWeighting, weightFeatures } from "./_feature_weighting.ts";
import type { Algorithm } from "./algorithm.ts";

/** Parameters of {@linkcode cosineKnn}. */
export interface CosineKnnParams {
  /** Neighbours per item; the item itself takes one place. */
  readonly top_k: number;
  /** Added to the divisor, so that items with few interactions count less; only with `normalize`. */
  readonly shrinkage: number;
  /** How the second factor is weighted. */
  readonly feature_weighting: FeatureWeighting;
  /** Whether to divide by the norms. */
  readonly normalize: boolean;
}

/** Keeps the divisor from being 0, as the original does. */
const EPSILON = 1e-6;

/**
 * Items are alike when the same users have them: `s_ij / (|x_i| |x̂_j| + shrinkage)` with `s = Xᵀ X̂`, or `s_ij` alone.
 * O(Σ_u n_u²) multiply-adds.
 */
export const cosineKnn: Algorithm<CosineKnnParams> = {
  name: "CosineKNN",
  aliases: ["CosinekNN"],
  reference:
    "Sarwar et al., Item-based collaborative filtering recommendation algorithms, WWW 2001, https://doi.org/10.1145/371920.372071",
  params: z.strictObject({
    top_k: z.int().min(1).default(100),
    shrinkage: z.number().min(0).default(0),
    feature_weighting: z.enum(["NONE", "TF_IDF", "BM_25"]).default("NONE"),
    normalize: z.boolean().default(false),
  }),
  space: {
    top_k: { type: "int", low: 4, high: 1000 },
    shrinkage: { type: "float", low: 0, high: 1000 },
    feature_weighting: {
      type: "categorical",
      choices: ["NONE", "TF_IDF", "BM_25"],
    },
    normalize: { type: "categorical", choices: [false, true] },
  },
  cost({ users, items, nonZeros }, { top_k }) {
    return {
      bytes: 20 * nonZeros + 16 * items * Math.min(top_k, items),
      flops: 2 * nonZeros * nonZeros / Math.max(users, 1),
    };
  },
  async fit(matrix, params, { kernels, signal, shared }): Promise<Model> {
    const left = await shared.get("transpose", () => transpose(matrix));
    const weighting = params.feature_weighting;
    const right = await shared.get(
      `features ${weighting}`,
      () => weightFeatures(matrix, weighting),
    );
    const ones = new Float32Array(matrix.cols).fill(1);
    const similar = await kernels.similarityTopK({
      left,
      right,
      rowNorm: params.normalize ? columnNorms(matrix) : ones,
      colNorm: params.normalize ? columnNorms(right) : ones,
      shrinkage: params.normalize ? params.shrinkage + EPSILON : 0,
      topK: Math.min(params.top_k, matrix.cols),
    }, signal);
    return new SimilarityModel(withoutDiagonal(similar));
  },
};

function withoutDiagonal({ rows, cols, indptr, indices, values }: Csr): Csr {
  const kept = {
    rows,
    cols,
    indptr: new Uint32Array(rows + 1),
    indices: new Uint32Array(indices.length),
    values: new Float32Array(values.length),
  };
  let count = 0;
  for (let row = 0; row < rows; row++) {
    for (let n = indptr[row]!; n < indptr[row + 1]!; n++) {
      if (indices[n] === row) continue;
      kept.indices[count] = indices[n]!;
      kept.values[count++] = values[n]!;
    }
    kept.indptr[row + 1] = count;
  }
  return {
    ...kept,
    indices: kept.indices.slice(0, count),
    values: kept.values.slice(0, count),
  };
}
