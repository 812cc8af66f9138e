/** The error of a local regression that rounding has the better of. */
export function localRidgeFailed(item: number, pivot: number): RangeError {
  return new RangeError(
    `Cannot solve for item ${item}: a pivot is ${pivot}, must be finite and at least 2^-20 of its diagonal entry`,
  );
}
