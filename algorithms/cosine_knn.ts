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

/** Scores are summed in single precision, which ends at 3.4e38. */
const LARGEST_SCORE = 1e38;

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
    const rowNorm = columnNorms(matrix);
    const colNorm = columnNorms(right);
    refuseOverflow(matrix, rowNorm, colNorm);
    const ones = new Float32Array(matrix.cols).fill(1);
    const similar = await kernels.similarityTopK({
      left,
      right,
      rowNorm: params.normalize ? rowNorm : ones,
      colNorm: params.normalize ? colNorm : ones,
      shrinkage: params.normalize ? params.shrinkage + EPSILON : 0,
      topK: Math.max(1, Math.min(params.top_k, matrix.cols)),
    }, signal);
    return new SimilarityModel(withoutDiagonal(similar));
  },
};

/**
 * A sum over users is at most the product of its columns' norms (Cauchy, Schwarz); a score is a sum of those times the
 * weights of one history.
 */
function refuseOverflow(
  { values }: Csr,
  rowNorm: Float32Array,
  colNorm: Float32Array,
): void {
  const total = values.reduce((sum, value) => sum + Math.abs(value), 0);
  const bound = largest(rowNorm) * largest(colNorm) * Math.max(1, total);
  if (bound <= LARGEST_SCORE) return;
  throw new RangeError(
    `CosineKNN would overflow: scores may reach ${bound}, must be at most ${LARGEST_SCORE}; scale the interaction weights down`,
  );
}

function largest(numbers: Float32Array): number {
  return numbers.reduce((most, number) => Math.max(most, number), 0);
}

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
