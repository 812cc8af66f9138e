import type { Csr } from "../csr.ts";

/** The entries of one row. */
export interface RowParts {
  readonly indices: Uint32Array;
  readonly values: Float32Array;
}

/** The matrix of all rows. */
export function joinRows(parts: readonly RowParts[], cols: number): Csr {
  const indptr = new Uint32Array(parts.length + 1);
  for (const [row, { indices }] of parts.entries()) {
    indptr[row + 1] = indptr[row]! + indices.length;
  }
  const indices = new Uint32Array(indptr[parts.length]!);
  const values = new Float32Array(indptr[parts.length]!);
  for (const [row, part] of parts.entries()) {
    indices.set(part.indices, indptr[row]!);
    values.set(part.values, indptr[row]!);
  }
  return { rows: parts.length, cols, indptr, indices, values };
}
