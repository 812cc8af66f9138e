/** Throws `RangeError` with the message when a number is NaN or infinite. Linear time. */
export function requireFinite(numbers: Float32Array, message: string): void {
  for (let n = 0; n < numbers.length; n++) {
    if (!Number.isFinite(numbers[n]!)) throw new RangeError(message);
  }
}
