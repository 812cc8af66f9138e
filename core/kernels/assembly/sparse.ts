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
