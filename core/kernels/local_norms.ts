import type { Csr } from "./csr.ts";

/** What local regressions need of the columns of a matrix. */
export interface LocalNorms {
  /** Roots of the squares of the columns. */
  readonly norms: Float32Array;
  /** Squares of the columns, the ridge added. */
  readonly diagonal: Float32Array;
}

/** The norms of the rows of a transpose; in single precision, so that all implementations choose the same neighbours. */
export function localNorms(
  { rows, indptr, values }: Csr,
  ridge: Float32Array,
): LocalNorms {
  const norms = new Float32Array(rows);
  const diagonal = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    let square = 0;
    for (let p = indptr[row]!; p < indptr[row + 1]!; p++) {
      square += values[p]! ** 2;
    }
    norms[row] = Math.sqrt(square);
    diagonal[row] = square + ridge[row]!;
  }
  return { norms, diagonal };
}
