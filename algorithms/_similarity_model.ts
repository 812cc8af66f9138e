import type { Csr } from "../core/kernels/csr.ts";
import { SimilarityModel } from "../core/models/similarity.ts";
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
