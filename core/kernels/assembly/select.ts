// The k-th largest of many numbers, without sorting them.

/** Bits of a float, remapped so that unsigned order is numeric order. */
// @ts-ignore: decorator
@inline
export function orderedKey(value: f32): u32 {
  const bits = reinterpret<i32>(value);
  return <u32> (bits ^ ((bits >> 31) | 0x80000000));
}

/**
 * Finds which keys belong to the `k` largest of `count > k`: all above the low word of the result, and as many of
 * those equal to it as the high word says. Buckets over the range that is left, refined until the border falls
 * between two buckets; at most four rounds over ever fewer keys. Overwrites `keys`; `histogram` has 256 words.
 */
export function selectKey(
  keys: usize,
  count: u32,
  k: u32,
  histogram: usize,
): u64 {
  let low: u32 = 0xffffffff;
  let high: u32 = 0;
  for (let t: u32 = 0; t < count; t++) {
    const key = load<u32>(keys + (t << 2));
    low = min(low, key);
    high = max(high, key);
  }
  let range = high - low;
  while (true) {
    const shift = <u32> max(0, 24 - <i32> clz(range));
    memory.fill(histogram, 0, 1024);
    for (let t: u32 = 0; t < count; t++) {
      const key = load<u32>(keys + (t << 2));
      const at = histogram + (((key - low) >> shift) << 2);
      store<u32>(at, load<u32>(at) + 1);
    }
    let bucket: u32 = 255;
    let inside = load<u32>(histogram + (bucket << 2));
    while (inside < k) {
      k -= inside;
      bucket--;
      inside = load<u32>(histogram + (bucket << 2));
    }
    const floor = low + (bucket << shift);
    if (inside == k || shift == 0) return <u64> floor | (<u64> k << 32);
    let left: usize = 0;
    for (let t: u32 = 0; t < count; t++) {
      const key = load<u32>(keys + (t << 2));
      store<u32>(keys + (left << 2), key);
      left += <u32> ((key - low) >> shift == bucket);
    }
    count = <u32> left;
    low = floor;
    range = (<u32> 1 << shift) - 1;
  }
}
