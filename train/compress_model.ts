import type { CompactCsr } from "../core/kernels/compact_csr.ts";
import type { Csr } from "../core/kernels/csr.ts";
import { transpose } from "../core/kernels/transpose.ts";
import { DenseSimilarityModel } from "../core/models/dense_similarity.ts";
import type { Model } from "../core/models/model.ts";
import { SimilarityModel } from "../core/models/similarity.ts";
import type { KeptWeights } from "../core/recipe/recipe.ts";
import {
  denseColumns,
  denseRows,
  largestOfLines,
  type Line,
  sparseRows,
} from "./_largest_weights.ts";

/** How the weights between items are kept. */
export interface WeightFormat {
  /** Weights per line; null: all. */
  readonly topK: number | null;
  /** What a line is: an item that is scored, or one of the history. */
  readonly per: "target" | "source";
  /** Their type; one of 16 or 8 bits has a scale per item of the history. */
  readonly precision: Exclude<KeptWeights["precision"], "auto">;
}

/**
 * The model with its `topK` weights of largest magnitude per target or source, equal ones by rising item, in the precision
 * asked for. A dense model of which all weights are kept stays as it is. O(items²), or O(weights).
 *
 * @throws {TypeError} When the model has no weights between items.
 */
export function compressModel(model: Model, format: WeightFormat): Model {
  const { topK, per, precision } = format;
  if (model instanceof DenseSimilarityModel) {
    if (topK === null) return model;
    const lines = per === "target" ? denseColumns : denseRows;
    return largest(lines(model.weights, model.itemCount), topK);
  }
  if (model instanceof SimilarityModel && !("scales" in model.weights)) {
    const { weights } = model;
    if (topK === null) return withPrecision(weights, precision);
    return largest(
      sparseRows(per === "target" ? transpose(weights) : weights),
      topK,
    );
  }
  throw new TypeError(
    `A model of kind ${model.kind} cannot be compressed: it has no weights between items in single precision`,
  );

  function largest(lines: Iterable<Line>, topK: number): Model {
    const kept = largestOfLines(lines, model.itemCount, topK);
    return withPrecision(per === "target" ? transpose(kept) : kept, precision);
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
