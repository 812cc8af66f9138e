/** Throws `RangeError` when a number is NaN or infinite. Linear time. */
export function refuseNotFinite(
  what: string,
  numbers: Float16Array | Float32Array | Float64Array,
): void {
  const at = firstNotFinite(numbers);
  if (at < 0) return;
  throw new RangeError(`${what} has ${numbers[at]} at ${at}, must be finite`);
}

/** By the bits of the exponent, which are read several times as fast as numbers of 16 bits are. */
function firstNotFinite(
  numbers: Float16Array | Float32Array | Float64Array,
): number {
  const { buffer, byteOffset, length } = numbers;
  if (numbers instanceof Float16Array) {
    const bits = new Uint16Array(buffer, byteOffset, length);
    for (let i = 0; i < length; i++) {
      if ((bits[i]! & 0x7c00) === 0x7c00) return i;
    }
    return -1;
  }
  if (numbers instanceof Float32Array) {
    const bits = new Uint32Array(buffer, byteOffset, length);
    for (let i = 0; i < length; i++) {
      if ((bits[i]! & 0x7f800000) === 0x7f800000) return i;
    }
    return -1;
  }
  return numbers.findIndex((number) => !Number.isFinite(number));
}
