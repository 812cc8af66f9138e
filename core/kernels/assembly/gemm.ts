// Dense products from packed panels: A in panels of 6 rows, B in panels of 8 columns, both with the inner dimension
// outermost. Exported functions stay functions: V8 compiles each on its own, and only what is called often gets its
// best compiler, so hot loops must not be inlined into the long-running ones that call them.
import { madd } from "./madd";

/** Rows of a panel of A. */
export const MR: u32 = 6;
/** Columns of a panel of B. */
export const NR: u32 = 8;

/**
 * `C (6 × 8) = A · B`, or `C += A · B`. `stride` is the distance between rows of C in bytes.
 * C is added last: were it where the sums start, each product would be rounded to its size.
 * The 12 accumulators, two vectors of B and one broadcast element of A are as many registers as x64 gives.
 */
export function tile(
  a: usize,
  b: usize,
  depth: u32,
  c: usize,
  stride: usize,
  accumulate: bool,
): void {
  const c1 = c + stride;
  const c2 = c1 + stride;
  const c3 = c2 + stride;
  const c4 = c3 + stride;
  const c5 = c4 + stride;
  let s00 = f32x4.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let s20 = s00;
  let s21 = s00;
  let s30 = s00;
  let s31 = s00;
  let s40 = s00;
  let s41 = s00;
  let s50 = s00;
  let s51 = s00;
  for (const end = a + 24 * depth; a < end; a += 24, b += 32) {
    let b0 = v128.load(b);
    let b1 = v128.load(b, 16);
    let x = v128.load_splat<f32>(a);
    s00 = madd(x, b0, s00);
    s01 = madd(x, b1, s01);
    x = v128.load_splat<f32>(a, 4);
    s10 = madd(x, b0, s10);
    s11 = madd(x, b1, s11);
    x = v128.load_splat<f32>(a, 8);
    s20 = madd(x, b0, s20);
    s21 = madd(x, b1, s21);
    x = v128.load_splat<f32>(a, 12);
    s30 = madd(x, b0, s30);
    s31 = madd(x, b1, s31);
    x = v128.load_splat<f32>(a, 16);
    s40 = madd(x, b0, s40);
    s41 = madd(x, b1, s41);
    x = v128.load_splat<f32>(a, 20);
    s50 = madd(x, b0, s50);
    s51 = madd(x, b1, s51);
    if (!ASC_FEATURE_RELAXED_SIMD) {
      // Two steps per round are half as fast again where products and sums are separate, and slower where they are not.
      a += 24;
      b += 32;
      if (a == end) break;
      b0 = v128.load(b);
      b1 = v128.load(b, 16);
      x = v128.load_splat<f32>(a);
      s00 = madd(x, b0, s00);
      s01 = madd(x, b1, s01);
      x = v128.load_splat<f32>(a, 4);
      s10 = madd(x, b0, s10);
      s11 = madd(x, b1, s11);
      x = v128.load_splat<f32>(a, 8);
      s20 = madd(x, b0, s20);
      s21 = madd(x, b1, s21);
      x = v128.load_splat<f32>(a, 12);
      s30 = madd(x, b0, s30);
      s31 = madd(x, b1, s31);
      x = v128.load_splat<f32>(a, 16);
      s40 = madd(x, b0, s40);
      s41 = madd(x, b1, s41);
      x = v128.load_splat<f32>(a, 20);
      s50 = madd(x, b0, s50);
      s51 = madd(x, b1, s51);
    }
  }
  if (accumulate) {
    s00 = f32x4.add(s00, v128.load(c));
    s01 = f32x4.add(s01, v128.load(c, 16));
    s10 = f32x4.add(s10, v128.load(c1));
    s11 = f32x4.add(s11, v128.load(c1, 16));
    s20 = f32x4.add(s20, v128.load(c2));
    s21 = f32x4.add(s21, v128.load(c2, 16));
    s30 = f32x4.add(s30, v128.load(c3));
    s31 = f32x4.add(s31, v128.load(c3, 16));
    s40 = f32x4.add(s40, v128.load(c4));
    s41 = f32x4.add(s41, v128.load(c4, 16));
    s50 = f32x4.add(s50, v128.load(c5));
    s51 = f32x4.add(s51, v128.load(c5, 16));
  }
  v128.store(c, s00);
  v128.store(c, s01, 16);
  v128.store(c1, s10);
  v128.store(c1, s11, 16);
  v128.store(c2, s20);
  v128.store(c2, s21, 16);
  v128.store(c3, s30);
  v128.store(c3, s31, 16);
  v128.store(c4, s40);
  v128.store(c4, s41, 16);
  v128.store(c5, s50);
  v128.store(c5, s51, 16);
}

/**
 * Packs a panel of `width` columns of a row-major matrix with `depth` rows, `stride` bytes apart;
 * `columns ≤ width` exist, the others become 0.
 */
export function packColumns(
  from: usize,
  stride: usize,
  depth: u32,
  columns: u32,
  width: u32,
  to: usize,
): void {
  for (let row: u32 = 0; row < depth; row++) {
    if (columns == NR) {
      v128.store(to, v128.load(from));
      v128.store(to, v128.load(from, 16), 16);
    } else if (columns == MR) {
      v128.store(to, v128.load(from));
      v128.store64_lane(to, v128.load64_zero(from, 16), 0, 16);
    } else {
      for (let column: u32 = 0; column < width; column++) {
        const value = column < columns
          ? load<f32>(from + (column << 2))
          : <f32> 0;
        store<f32>(to + (column << 2), value);
      }
    }
    from += stride;
    to += width << 2;
  }
}

/**
 * Packs a panel of `width` rows of a row-major matrix, `stride` bytes apart, each `depth` long;
 * `rows ≤ width` exist, the others become 0.
 */
export function packRows(
  from: usize,
  stride: usize,
  depth: u32,
  rows: u32,
  width: u32,
  to: usize,
): void {
  const step = width << 2;
  const whole = depth & ~3;
  for (let row: u32 = 0; row < width; row++) {
    let out = to + (row << 2);
    if (row >= rows) {
      for (let k: u32 = 0; k < depth; k++, out += step) store<f32>(out, 0);
      continue;
    }
    let at = from + row * stride;
    let k: u32 = 0;
    for (; k < whole; k += 4, at += 16) {
      const x = v128.load(at);
      v128.store_lane<f32>(out, x, 0);
      out += step;
      v128.store_lane<f32>(out, x, 1);
      out += step;
      v128.store_lane<f32>(out, x, 2);
      out += step;
      v128.store_lane<f32>(out, x, 3);
      out += step;
    }
    for (; k < depth; k++, at += 4, out += step) {
      store<f32>(out, load<f32>(at));
    }
  }
}
