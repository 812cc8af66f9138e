import type { Csr } from "../kernels/csr.ts";

/**
 * Checks the pattern of a matrix from an artifact: rows cover the indices one after another, columns ascend in each row
 * and are below `cols`. Linear time.
 *
 * @throws {RangeError} When they do not.
 */
export function checkPattern(
  what: string,
  { rows, cols, indptr, indices }: Omit<Csr, "values">,
): void {
  if (indptr[0] !== 0 || indptr[rows] !== indices.length) {
    throw new RangeError(
      `Rows of ${what} must cover its ${indices.length} entries`,
    );
  }
  for (let row = 0; row < rows; row++) {
    const end = indptr[row + 1]!;
    let at = indptr[row]!;
    if (at > end || end > indices.length) {
      throw new RangeError(`Row ${row} of ${what} ends before it starts`);
    }
    for (let least = 0; at < end; at++) {
      const column = indices[at]!;
      if (column < least || column >= cols) {
        throw new RangeError(
          `Row ${row} of ${what} has column ${column}: columns must ascend and be below ${cols}`,
        );
      }
      least = column + 1;
    }
  }
}
