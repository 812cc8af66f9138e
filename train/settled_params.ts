import { shapeOf } from "../algorithms/shape_of.ts";
import type { Csr } from "../core/kernels/csr.ts";
import { learntParams, type Trial } from "./search/trial.ts";

/** The parameters that a trial leaves to its algorithm, as it settles them for a matrix. */
export function settledParams(
  best: Trial,
  matrix: Csr,
): Readonly<Record<string, unknown>> {
  const { algorithm } = best;
  const params = algorithm.params.parse(learntParams(best));
  return { ...algorithm.settled?.(shapeOf(matrix), params) };
}
