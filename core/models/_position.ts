import type { Csr } from "../kernels/csr.ts";

/** Where a sparse matrix stores `column` of `row`; -1 when it does not. A binary search. */
export function position(
  { indptr, indices }: Pick<Csr, "indptr" | "indices">,
  row: number,
  column: number,
): number {
  let low = indptr[row]!;
  let high = indptr[row + 1]! - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = indices[middle]!;
    if (found === column) return middle;
    if (found < column) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
