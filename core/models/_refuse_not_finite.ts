/** Throws `RangeError` when a number is NaN or infinite. Linear time. */
export function refuseNotFinite(
  what: string,
  numbers: Float16Array | Float32Array | Float64Array,
): void {
  for (let i = 0; i < numbers.length; i++) {
    if (!Number.isFinite(numbers[i]!)) {
      throw new RangeError(
        `${what} has ${numbers[i]} at ${i}, must be finite`,
      );
    }
  }
}
