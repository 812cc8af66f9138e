import type { Csr } from "../core/kernels/csr.ts";

/** Euclidean norm of each column. */
export function columnNorms({ cols, indices, values }: Csr): Float32Array {
  const squares = new Float64Array(cols);
  for (let n = 0; n < indices.length; n++) {
    squares[indices[n]!]! += values[n]! * values[n]!;
  }
  return Float32Array.from(squares, Math.sqrt);
}
