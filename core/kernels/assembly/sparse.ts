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
  for (const whole = end - 12; indices < whole; indices += 16, values += 16) {
    const x = f32x4.mul(f32x4.splat(weight), v128.load(values));
    scatter(indices, x, sums);
  }
  for (; indices < end; indices += 4, values += 4) {
    const at = sums + ((load<u32>(indices)) << 2);
    store<f32>(at, load<f32>(at) + weight * load<f32>(values));
  }
}

/**
 * `sums[j] = Σ weights[h] · scales[items[h]] · matrix[items[h], j]` for `width` columns. Values have `2 ** log` bytes;
 * those of four bytes have no scales.
 */
export function scoreSparse(
  items: usize,
  weights: usize,
  count: u32,
  indptr: usize,
  indices: usize,
  values: usize,
  scales: usize,
  log: u32,
  sums: usize,
  width: u32,
): void {
  memory.fill(sums, 0, width << 2);
  const end = items + (count << 2);
  for (; items < end; items += 4, weights += 4) {
    const item = load<u32>(items) << 2;
    const start = load<u32>(indptr + item);
    const length = load<u32>(indptr + item, 4) - start;
    const columns = indices + (start << 2);
    const from = values + (start << log);
    const weight = load<f32>(weights);
    if (log === 2) {
      addRow(columns, from, length, weight, sums);
    } else if (log === 1) {
      addRowHalf(columns, from, length, weight * load<f32>(scales + item), sums);
    } else {
      addRowByte(columns, from, length, weight * load<f32>(scales + item), sums);
    }
  }
}

/** As `addRow`, for values of 16 bits (IEEE 754 binary16) that are finite. */
export function addRowHalf(
  indices: usize,
  values: usize,
  count: u32,
  weight: f32,
  sums: usize,
): void {
  const end = indices + (count << 2);
  for (const whole = end - 12; indices < whole; indices += 16, values += 8) {
    const bits = v128.load_ext<u16>(values);
    scatter(indices, f32x4.mul(f32x4.splat(weight), widen(bits)), sums);
  }
  for (; indices < end; indices += 4, values += 2) {
    const value = f32x4.extract_lane(
      widen(i32x4.splat(load<u16>(values))),
      0,
    );
    const at = sums + (load<u32>(indices) << 2);
    store<f32>(at, load<f32>(at) + weight * value);
  }
}

/** Floats from 16-bit floats in the low halves of the lanes: scaled by 2^112, their exponents become those of floats. */
// @ts-ignore: decorator
@inline
function widen(bits: v128): v128 {
  const sign = v128.and(i32x4.shl(bits, 16), i32x4.splat(<i32> 0x80000000));
  const rest = v128.and(i32x4.shl(bits, 13), i32x4.splat(0x0fffe000));
  return v128.or(sign, f32x4.mul(rest, i32x4.splat(0x77800000)));
}

/** As `addRow`, for values of 8 bits. */
export function addRowByte(
  indices: usize,
  values: usize,
  count: u32,
  weight: f32,
  sums: usize,
): void {
  const factor = f32x4.splat(weight);
  const end = indices + (count << 2);
  for (const whole = end - 28; indices < whole; indices += 32, values += 8) {
    const words = v128.load_ext<i8>(values);
    const low = f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(words));
    const high = f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(words));
    scatter(indices, f32x4.mul(factor, low), sums);
    scatter(indices + 16, f32x4.mul(factor, high), sums);
  }
  for (; indices < end; indices += 4, values++) {
    const at = sums + (load<u32>(indices) << 2);
    store<f32>(at, load<f32>(at) + weight * <f32> load<i8>(values));
  }
}

/** Adds four numbers at four places, which differ. */
// @ts-ignore: decorator
@inline
function scatter(indices: usize, x: v128, sums: usize): void {
  const at = v128.load(indices);
  const at0 = sums + (i32x4.extract_lane(at, 0) << 2);
  const at1 = sums + (i32x4.extract_lane(at, 1) << 2);
  const at2 = sums + (i32x4.extract_lane(at, 2) << 2);
  const at3 = sums + (i32x4.extract_lane(at, 3) << 2);
  store<f32>(at0, load<f32>(at0) + f32x4.extract_lane(x, 0));
  store<f32>(at1, load<f32>(at1) + f32x4.extract_lane(x, 1));
  store<f32>(at2, load<f32>(at2) + f32x4.extract_lane(x, 2));
  store<f32>(at3, load<f32>(at3) + f32x4.extract_lane(x, 3));
}
