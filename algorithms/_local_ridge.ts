import type { Csr } from "../core/kernels/csr.ts";
import { LocalRidgeError } from "../core/kernels/local_ridge_error.ts";
import { transpose } from "../core/kernels/transpose.ts";
import type { Model } from "../core/models/model.ts";
import { requireFinite } from "./_require_finite.ts";
import { similarityModel } from "./_similarity_model.ts";
import type { ClosedForm } from "./_closed_form.ts";
import type { Cost, FitContext, MatrixShape } from "./algorithm.ts";

/** Bytes that results may take in kernel memory. */
const RESULT_BYTES = 2 ** 27;

/**
 * As the weights from the inverse of the whole matrix, each target's from the inverse for its nearest items alone.
 *
 * @throws {RangeError} When one cannot be inverted in single precision, or a weight is not finite.
 */
export async function fitLocalRidge(
  matrix: Csr,
  { name, reg, ridge }: ClosedForm,
  neighbours: number,
  { kernels, signal, shared }: FitContext,
): Promise<Model> {
  const transposed = await shared.get("transpose", () => transpose(matrix));
  const squares = new Float64Array(matrix.cols);
  for (let p = 0; p < matrix.indices.length; p++) {
    squares[matrix.indices[p]!]! += matrix.values[p]! ** 2;
  }
  requireFinite(
    Float32Array.from(squares),
    `${name}: a sum of squared interaction weights is not finite; the interaction weights are too large`,
  );
  let weights: Csr;
  try {
    weights = await kernels.localRidge({
      matrix,
      transposed,
      ridge: Float32Array.from(squares, (square) => ridge(square)),
      neighbours,
    }, signal);
  } catch (cause) {
    if (!(cause instanceof LocalRidgeError)) throw cause;
    throw new RangeError(
      `${name}: reg is ${reg}, must be larger for these interactions: ${cause.message}`,
      { cause },
    );
  }
  return similarityModel(name, transpose(weights));
}

/** Matrices in and out of kernel memory, weights twice; a Cholesky factor per item, and the products of its neighbours. */
export function localRidgeCost(
  { users, items, nonZeros }: MatrixShape,
  neighbours: number,
): Cost {
  const most = Math.min(neighbours, items);
  return {
    bytes: 48 * nonZeros + 16 * items * most + RESULT_BYTES,
    flops: items * most ** 3 / 3 + 2 * nonZeros ** 2 / Math.max(users, 1),
  };
}
