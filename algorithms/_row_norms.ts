import type { Csr } from "../core/kernels/csr.ts";

/** Euclidean norm of each row. */
export function rowNorms({ rows, indptr, values }: Csr): Float32Array {
  return Float32Array.from({ length: rows }, (_, row) => {
    let square = 0;
    for (let n = indptr[row]!; n < indptr[row + 1]!; n++) {
      square += values[n]! * values[n]!;
    }
    return Math.sqrt(square);
  });
}
