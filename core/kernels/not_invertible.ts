/** The error of a factorisation whose matrix is not positive definite. */
export function notInvertible(row: number, pivot: number): RangeError {
  return new RangeError(
    `Cannot invert the matrix: the pivot of row ${row} is ${pivot}, must be positive and finite`,
  );
}
