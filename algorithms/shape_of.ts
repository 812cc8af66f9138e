import type { Csr } from "../core/kernels/csr.ts";
import type { MatrixShape } from "./algorithm.ts";

/** The extent of a matrix of interactions, users × items. */
export function shapeOf({ rows, cols, indices }: Csr): MatrixShape {
  return { users: rows, items: cols, nonZeros: indices.length };
}
