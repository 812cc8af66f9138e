import type { Csr } from "./csr.ts";

/**
 * The transpose of a matrix; columns ascend within each row of the result. Linear time, plain arrays.
 *
 * @example Turn users × items into items × users
 * ```ts
 * import { transpose } from "./transpose.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const matrix = {
 *   rows: 1,
 *   cols: 2,
 *   indptr: Uint32Array.of(0, 1),
 *   indices: Uint32Array.of(1),
 *   values: Float32Array.of(3),
 * };
 * assertEquals(transpose(matrix).indptr, Uint32Array.of(0, 0, 1));
 * ```
 */
export function transpose(matrix: Csr): Csr {
  const { rows, cols } = matrix;
  const count = matrix.indptr[rows]!;
  const indptr = new Uint32Array(cols + 1);
  for (let p = 0; p < count; p++) indptr[matrix.indices[p]! + 1]!++;
  for (let c = 0; c < cols; c++) indptr[c + 1]! += indptr[c]!;
  const next = indptr.slice(0, cols);
  const indices = new Uint32Array(count);
  const values = new Float32Array(count);
  for (let r = 0; r < rows; r++) {
    for (let p = matrix.indptr[r]!; p < matrix.indptr[r + 1]!; p++) {
      const at = next[matrix.indices[p]!]!++;
      indices[at] = r;
      values[at] = matrix.values[p]!;
    }
  }
  return { rows: cols, cols: rows, indptr, indices, values };
}
