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
  const left = {
    rows,
    cols: columns,
    indptr: Uint32Array.from({ length: rows + 1 }, (_, row) => row * columns),
    indices: Uint32Array.from(data, (_, at) => at % columns),
    values: data,
  };
  return await kernels.sparseTimesDense(left, right, width, signal);
}
