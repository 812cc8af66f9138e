/** The error of a conjugate-gradient solve whose matrix is not positive definite. */
export function notPositiveDefinite(
  row: number,
  curvature: number,
): RangeError {
  return new RangeError(
    `Cannot solve row ${row}: the curvature along a search direction is ${curvature}, must be positive and finite; raise the ridge or alpha0`,
  );
}
