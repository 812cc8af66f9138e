import type { Csr } from "../core/kernels/csr.ts";

/** A matrix without what is stored on its diagonal. */
export function withoutDiagonal(
  { rows, cols, indptr, indices, values }: Csr,
): Csr {
  const kept = {
    rows,
    cols,
    indptr: new Uint32Array(rows + 1),
    indices: new Uint32Array(indices.length),
    values: new Float32Array(values.length),
  };
  let count = 0;
  for (let row = 0; row < rows; row++) {
    for (let n = indptr[row]!; n < indptr[row + 1]!; n++) {
      if (indices[n] === row) continue;
      kept.indices[count] = indices[n]!;
      kept.values[count++] = values[n]!;
    }
    kept.indptr[row + 1] = count;
  }
  return {
    ...kept,
    indices: kept.indices.slice(0, count),
    values: kept.values.slice(0, count),
  };
}
