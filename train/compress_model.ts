import type { CompactCsr } from "../core/kernels/compact_csr.ts";
import type { Csr } from "../core/kernels/csr.ts";
import { transpose } from "../core/kernels/transpose.ts";
import { DenseSimilarityModel } from "../core/models/dense_similarity.ts";
import type { Model } from "../core/models/model.ts";
import { SimilarityModel } from "../core/models/similarity.ts";
import type { KeptWeights } from "../core/recipe/recipe.ts";
import { denseTargets, largestPerTarget } from "./_largest_per_target.ts";

/** How the weights between items are kept. */
export interface WeightFormat {
  /** Weights per item that is scored; null: all. */
  readonly topK: number | null;
  /** Their type; one of 16 or 8 bits has a scale per item of the history. */
  readonly precision: Exclude<KeptWeights["precision"], "auto">;
}

/**
 * The model with its `topK` weights of largest magnitude per target, equal ones by rising item, in the precision asked
 * for. A dense model of which all weights are kept stays as it is. O(items² log items).
 *
 * @throws {TypeError} When the model has no weights between items.
 */
export function compressModel(
  model: Model,
  { topK, precision }: WeightFormat,
): Model {
  if (model instanceof DenseSimilarityModel) {
    if (topK === null) return model;
    const targets = denseTargets(model.weights, model.itemCount);
    return withPrecision(
      largestPerTarget(targets, model.itemCount, topK),
      precision,
    );
  }
  if (
    !(model instanceof SimilarityModel) || "scales" in model.weights
  ) {
    throw new TypeError(
      `A model of kind ${model.kind} cannot be compressed: it has no weights between items in single precision`,
    );
  }
  const targets = sparseTargets(transpose(model.weights));
  return withPrecision(
    topK === null
      ? model.weights
      : largestPerTarget(targets, model.itemCount, topK),
    precision,
  );
}

function* sparseTargets(
  { rows, indptr, indices, values }: Csr,
): Generator<{ items: Uint32Array; weights: Float32Array }> {
  for (let row = 0; row < rows; row++) {
    const [begin, end] = [indptr[row]!, indptr[row + 1]!];
    yield {
      items: indices.subarray(begin, end),
      weights: values.subarray(begin, end),
    };
  }
}

function withPrecision(
  weights: Csr,
  precision: WeightFormat["precision"],
): SimilarityModel {
  return new SimilarityModel(
    precision === "f32" ? weights : compact(weights, precision),
  );
}

/** The largest magnitude of a row becomes 1, or 127. */
function compact(
  { values, ...pattern }: Csr,
  precision: "f16" | "int8",
): CompactCsr {
  const { rows, indptr } = pattern;
  const scales = new Float32Array(rows);
  const steps = precision === "int8" ? 127 : 1;
  const stored = precision === "int8"
    ? new Int8Array(values.length)
    : new Float16Array(values.length);
  for (let row = 0; row < rows; row++) {
    const [begin, end] = [indptr[row]!, indptr[row + 1]!];
    let largest = 0;
    for (let at = begin; at < end; at++) {
      largest = Math.max(largest, Math.abs(values[at]!));
    }
    // Less than this cannot be scaled in single precision; it is 0 beside any other weight.
    const scale = Math.fround(largest / steps);
    if (scale < 2 ** -120) continue;
    scales[row] = scale;
    for (let at = begin; at < end; at++) {
      const value = values[at]! / scale;
      stored[at] = precision === "int8"
        ? Math.max(-127, Math.min(127, Math.round(value)))
        : value;
    }
  }
  return { ...pattern, values: stored, scales };
}
