// Sparse rows added to dense accumulators.

/** `sums[indices[p]] += weight · values[p]` for `count` entries. */
export function addRow(
  indices: usize,
  values: usize,
  count: u32,
  weight: f32,
  sums: usize,
): void {
  const end = indices + (count << 2);
  for (; indices < end; indices += 4, values += 4) {
    const at = sums + ((load<u32>(indices)) << 2);
    store<f32>(at, load<f32>(at) + weight * load<f32>(values));
  }
}

/** As {@linkcode addRow}, the values being half precision floats. */
export function addRowHalf(
  indices: usize,
  values: usize,
  count: u32,
  weight: f32,
  sums: usize,
): void {
  const end = indices + (count << 2);
  for (; indices < end; indices += 4, values += 2) {
    const half = <u32> load<u16>(values);
    const bits = ((half & 0x8000) << 16) | ((half & 0x7fff) << 13);
    // The exponents' biases are 15 and 127: 2^112 makes up for it, and normalises what was not normal.
    const value = reinterpret<f32>(bits) * <f32> 5192296858534827628530496329220096.0;
    const at = sums + ((load<u32>(indices)) << 2);
    store<f32>(at, load<f32>(at) + weight * value);
  }
}

/** As {@linkcode addRow}, the values being signed bytes. */
export function addRowByte(
  indices: usize,
  values: usize,
  count: u32,
  weight: f32,
  sums: usize,
): void {
  const end = indices + (count << 2);
  for (; indices < end; indices += 4, values++) {
    const at = sums + ((load<u32>(indices)) << 2);
    store<f32>(at, load<f32>(at) + weight * <f32> load<i8>(values));
  }
}
