/** A local regression that rounding has the better of. */
export class LocalRidgeError extends RangeError {
  /** @param item The item that is predicted. */
  constructor(item: number, pivot: number) {
    super(
      `Cannot solve for item ${item}: a pivot is ${pivot}, must be finite and at least 2^-20 of its diagonal entry`,
    );
    this.name = "LocalRidgeError";
  }
}
