import type { Csr } from "../core/kernels/csr.ts";
import { SimilarityModel } from "../core/models/similarity.ts";
import { refuseOverflow } from "./_refuse_overflow.ts";
import { requireFinite } from "./_require_finite.ts";

/**
 * The model of item weights that an algorithm learned.
 *
 * @throws {RangeError} When a weight is not finite.
 */
export function similarityModel(name: string, weights: Csr): SimilarityModel {
  requireFinite(
    weights.values,
    `${name}: a weight between items is not finite; the interaction weights are too large`,
  );
  return new SimilarityModel(weights);
}

/**
 * A model of finite weights whose scores are finite too.
 *
 * @param interactions Weights that histories may have.
 * @throws {RangeError} When a weight is not finite, or scores could overflow.
 */
export function boundedSimilarity(
  name: string,
  weights: Csr,
  interactions: Float32Array,
): SimilarityModel {
  const model = similarityModel(name, weights);
  let largest = 0;
  for (const value of weights.values) {
    largest = Math.max(largest, Math.abs(value));
  }
  const one = Float32Array.of(1);
  refuseOverflow(name, interactions, Float32Array.of(largest), one);
  return model;
}
