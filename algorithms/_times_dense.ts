import type { Columns } from "./_orthonormal_columns.ts";
import type { FitContext } from "./algorithm.ts";

/** `left · right`, both dense and row-major, the result with `width` columns. */
export async function timesDense(
  { data, rows, columns }: Columns,
  right: Float32Array,
  width: number,
  { kernels, signal }: FitContext,
): Promise<Float32Array> {
  if (width === 0) return new Float32Array();
  const indptr = new Uint32Array(rows + 1);
  const indices = new Uint32Array(data.length);
  for (let row = 0; row < rows; row++) {
    const end = indptr[row + 1] = (row + 1) * columns;
    for (let column = 1; column <= columns; column++) {
      indices[end - column] = columns - column;
    }
  }
  const left = { rows, cols: columns, indptr, indices, values: data };
  return await kernels.sparseTimesDense(left, right, width, signal);
}
