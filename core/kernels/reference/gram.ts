/** `scale · factorsᵀ factors`, in double precision. */
export function gram(
  factors: Float32Array,
  rows: number,
  k: number,
  scale: number,
): Float32Array {
  const sums = new Float64Array(k * k);
  for (let row = 0; row < rows; row++) {
    const start = row * k;
    for (let i = 0; i < k; i++) {
      const value = factors[start + i]!;
      for (let j = i; j < k; j++) {
        sums[i * k + j]! += value * factors[start + j]!;
      }
    }
  }
  const result = new Float32Array(k * k);
  for (let i = 0; i < k; i++) {
    for (let j = i; j < k; j++) {
      result[i * k + j] = result[j * k + i] = scale * sums[i * k + j]!;
    }
  }
  return result;
}
