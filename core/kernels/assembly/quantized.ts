// Rows of factors in eight bits each, and upper bounds of their products with a vector.
import { sumLanes } from "./dense";

/** What a code of the vector stands for is 64 less, so that codes are of seven bits and not negative. */
const ZERO: i32 = 64;
/** Bytes of the numbers of four rows: scale, shift, error and length, four of each. */
const NUMBERS: usize = 64;
/** More than what rounding adds to a product, or takes from a bound, per unit of both lengths. */
const ROUNDING: f32 = 1e-5;

/**
 * Writes each row `x` as bytes `c` and a scale `s`, `|c| ≤ 127`, and what a bound needs: `64 · s · Σ c`, the length of
 * `x - s · c`, and that of `s · c`. Rows of codes are padded with 0 to a multiple of 16, their number to one of 4.
 * Returns the largest length.
 */
export function quantizeRows(
  items: usize,
  factors: u32,
  count: u32,
  codes: usize,
  numbers: usize,
  tail: usize,
): f32 {
  const padded = (factors + 15) & ~15;
  let longest: f32 = 0;
  for (let row: u32 = 0; row < count; row++) {
    const from = items + row * (factors << 2);
    const largest = largestOf(from, factors);
    const scale: f32 = largest / 127;
    const inverse: f32 = largest > 0 ? 127 / largest : 0;
    const length = quantizeRow(
      from,
      factors,
      scale,
      inverse,
      codes + row * padded,
      numbers + (row >> 2) * NUMBERS + ((row & 3) << 2),
      tail,
    );
    longest = max(longest, length);
  }
  return longest;
}

/** The largest absolute value of a row. */
export function largestOf(from: usize, count: u32): f32 {
  let most = f32x4.splat(0);
  const end = from + (count << 2);
  for (const whole = end - 12; from < whole; from += 16) {
    most = f32x4.max(most, f32x4.abs(v128.load(from)));
  }
  let largest = max(
    max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
    max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
  );
  for (; from < end; from += 4) largest = max(largest, abs(load<f32>(from)));
  return largest;
}

/** One of these rows; returns its length. */
export function quantizeRow(
  from: usize,
  factors: u32,
  scale: f32,
  inverse: f32,
  to: usize,
  numbers: usize,
  tail: usize,
): f32 {
  const up = f32x4.splat(inverse);
  const down = f32x4.splat(scale);
  let errors = f32x4.splat(0);
  let lengths = errors;
  let sums = i32x4.splat(0);
  for (let f: u32 = 0; f < factors; f += 16, from += 64, to += 16) {
    let at = from;
    if (f + 16 > factors) {
      memory.fill(tail, 0, 64);
      memory.copy(tail, from, (factors - f) << 2);
      at = tail;
    }
    const x0 = v128.load(at);
    const x1 = v128.load(at, 16);
    const x2 = v128.load(at, 32);
    const x3 = v128.load(at, 48);
    const c0 = f32x4.nearest(f32x4.mul(x0, up));
    const c1 = f32x4.nearest(f32x4.mul(x1, up));
    const c2 = f32x4.nearest(f32x4.mul(x2, up));
    const c3 = f32x4.nearest(f32x4.mul(x3, up));
    errors = f32x4.add(errors, squares(
      f32x4.sub(x0, f32x4.mul(c0, down)),
      f32x4.sub(x1, f32x4.mul(c1, down)),
      f32x4.sub(x2, f32x4.mul(c2, down)),
      f32x4.sub(x3, f32x4.mul(c3, down)),
    ));
    lengths = f32x4.add(lengths, squares(c0, c1, c2, c3));
    const low = i16x8.narrow_i32x4_s(
      i32x4.trunc_sat_f32x4_s(c0),
      i32x4.trunc_sat_f32x4_s(c1),
    );
    const high = i16x8.narrow_i32x4_s(
      i32x4.trunc_sat_f32x4_s(c2),
      i32x4.trunc_sat_f32x4_s(c3),
    );
    sums = i32x4.add(
      sums,
      i32x4.extadd_pairwise_i16x8_s(i16x8.add(low, high)),
    );
    v128.store(to, i8x16.narrow_i16x8_s(low, high));
  }
  const sum = i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1) +
    i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3);
  const length = scale * <f32> sqrt(sumLanes(lengths));
  const error = <f32> sqrt(sumLanes(errors));
  store<f32>(numbers, scale);
  store<f32>(numbers, <f32> (ZERO * sum) * scale, 16);
  store<f32>(numbers, error + ROUNDING * (length + error), 32);
  store<f32>(numbers, length, 48);
  return length;
}

/** The sum of four squares, lane by lane. */
// @ts-ignore: decorator
@inline
function squares(a: v128, b: v128, c: v128, d: v128): v128 {
  return f32x4.add(
    f32x4.add(f32x4.mul(a, a), f32x4.mul(b, b)),
    f32x4.add(f32x4.mul(c, c), f32x4.mul(d, d)),
  );
}

/**
 * Writes upper bounds of the products of `count` rows with a vector `u`: the product of the codes, and the most that
 * is lost by them, `|u| · |x - x̂| + |u - û| · |x̂|`. `work` holds the vector's codes, as many bytes as a row's.
 * Returns the vector's length.
 */
export function boundRows(
  user: usize,
  factors: u32,
  count: u32,
  codes: usize,
  numbers: usize,
  work: usize,
  out: usize,
): f32 {
  const padded = (factors + 15) & ~15;
  const largest = largestOf(user, factors);
  const scale: f32 = largest / 63;
  const inverse: f32 = largest > 0 ? 63 / largest : 0;
  let error: f32 = 0;
  let length: f32 = 0;
  memory.fill(work, <u8> ZERO, padded);
  for (let f: u32 = 0; f < factors; f++) {
    const x = load<f32>(user + (f << 2));
    const code = nearest(x * inverse);
    const rest = x - code * scale;
    error += rest * rest;
    length += x * x;
    store<u8>(work + f, <u8> (<i32> code + ZERO));
  }
  const scales = f32x4.splat(scale);
  const lengths = f32x4.splat(sqrt(length));
  const errors = f32x4.splat(sqrt(error) + ROUNDING * sqrt(length));
  let row: u32 = 0;
  for (; row + 4 <= count; row += 4, codes += 4 * padded, numbers += NUMBERS) {
    v128.store(
      out + (row << 2),
      boundFour(codes, padded, numbers, work, scales, lengths, errors),
    );
  }
  if (row === count) return sqrt(length);
  const last = boundFour(
    codes,
    padded,
    numbers,
    work,
    scales,
    lengths,
    errors,
  );
  v128.store(work, last);
  memory.copy(out + (row << 2), work, (count - row) << 2);
  return sqrt(length);
}

/** Bounds of four rows. */
export function boundFour(
  codes: usize,
  padded: u32,
  numbers: usize,
  user: usize,
  scales: v128,
  lengths: v128,
  errors: v128,
): v128 {
  let a0 = i32x4.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  const second = codes + padded;
  const third = second + padded;
  const fourth = third + padded;
  for (let f: usize = 0; f < padded; f += 16) {
    const u = v128.load(user + f);
    a0 = addProducts(v128.load(codes + f), u, a0);
    a1 = addProducts(v128.load(second + f), u, a1);
    a2 = addProducts(v128.load(third + f), u, a2);
    a3 = addProducts(v128.load(fourth + f), u, a3);
  }
  const b0 = i32x4.add(
    v128.shuffle<i32>(a0, a1, 0, 4, 1, 5),
    v128.shuffle<i32>(a0, a1, 2, 6, 3, 7),
  );
  const b1 = i32x4.add(
    v128.shuffle<i32>(a2, a3, 0, 4, 1, 5),
    v128.shuffle<i32>(a2, a3, 2, 6, 3, 7),
  );
  const sums = i32x4.add(
    v128.shuffle<i32>(b0, b1, 0, 1, 4, 5),
    v128.shuffle<i32>(b0, b1, 2, 3, 6, 7),
  );
  const product = f32x4.mul(
    f32x4.sub(
      f32x4.mul(f32x4.convert_i32x4_s(sums), v128.load(numbers)),
      v128.load(numbers, 16),
    ),
    scales,
  );
  return f32x4.add(
    product,
    f32x4.add(
      f32x4.mul(lengths, v128.load(numbers, 32)),
      f32x4.mul(errors, v128.load(numbers, 48)),
    ),
  );
}

/** `c` and the sums of four products each of signed bytes with bytes of seven bits. */
// @ts-ignore: decorator
@inline
function addProducts(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD
    ? i32x4.relaxed_dot_i8x16_i7x16_add_s(a, b, c)
    : i32x4.add(
      c,
      i32x4.add(
        i32x4.extadd_pairwise_i16x8_s(i16x8.extmul_low_i8x16_s(a, b)),
        i32x4.extadd_pairwise_i16x8_s(i16x8.extmul_high_i8x16_s(a, b)),
      ),
    );
}
