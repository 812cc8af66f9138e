import type { Csr } from "../core/kernels/csr.ts";

/** How rare items are weighted up. */
export type FeatureWeighting = "NONE" | "TF_IDF" | "BM_25";

// Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009; the usual constants.
const K1 = 1.2;
const B = 0.75;

/** A matrix of the same pattern with weighted values; users × items. */
export function weightFeatures(
  matrix: Csr,
  weighting: FeatureWeighting,
): Csr {
  if (weighting === "NONE") return matrix;
  const counts = new Float64Array(matrix.cols);
  for (const item of matrix.indices) counts[item]! += 1;
  return {
    ...matrix,
    values: weighting === "TF_IDF"
      ? tfIdf(matrix, counts)
      : bm25(matrix, counts),
  };
}

/** `x · ln(users / (n_i + 1))`. */
function tfIdf(
  { rows, indices, values }: Csr,
  counts: Float64Array,
): Float32Array {
  return values.map((value, n) =>
    value * Math.log(rows / (counts[indices[n]!]! + 1))
  );
}

/** `idf · x (k1 + 1) / (x + k1 (1 - b + b L_u / L̄))` with `idf = ln(users / (n_i + 1) + 1)`. */
function bm25(
  { rows, indptr, indices, values }: Csr,
  counts: Float64Array,
): Float32Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / rows;
  const weighted = new Float32Array(values.length);
  for (let user = 0; user < rows; user++) {
    const begin = indptr[user]!;
    const end = indptr[user + 1]!;
    let length = 0;
    for (let n = begin; n < end; n++) length += values[n]!;
    const norm = K1 * (1 - B + B * length / mean);
    for (let n = begin; n < end; n++) {
      const idf = Math.log(rows / (counts[indices[n]!]! + 1) + 1);
      weighted[n] = idf * values[n]! * (K1 + 1) / (values[n]! + norm);
    }
  }
  return weighted;
}
