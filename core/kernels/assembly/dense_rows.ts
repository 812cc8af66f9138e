// Sparse rows times a dense, row-major matrix.
import { isCancelled, take } from "./job";
import { madd } from "./madd";

/** Rows of the product that a worker takes at a time. */
const CHUNK: u32 = 16;

/**
 * `to[j] = Σ values[p] · from[indices[p], j]` for `width` columns of a matrix whose rows are `stride` bytes apart.
 * 32 columns are summed at a time, in registers.
 */
export function sumRows(
  indices: usize,
  values: usize,
  count: u32,
  from: usize,
  stride: usize,
  width: u32,
  to: usize,
): void {
  const end = indices + (count << 2);
  let j: u32 = 0;
  for (; j + 32 <= width; j += 32, from += 128, to += 128) {
    sumWide(indices, end, values, from, stride, to);
  }
  for (; j + 4 <= width; j += 4, from += 16, to += 16) {
    sumNarrow(indices, end, values, from, stride, to);
  }
  for (; j < width; j++, from += 4, to += 4) {
    let sum: f32 = 0;
    let value = values;
    for (let at = indices; at < end; at += 4, value += 4) {
      sum += load<f32>(value) * load<f32>(from + load<u32>(at) * stride);
    }
    store<f32>(to, sum);
  }
}

/** 32 columns. */
export function sumWide(
  indices: usize,
  end: usize,
  values: usize,
  from: usize,
  stride: usize,
  to: usize,
): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let s4 = s0;
  let s5 = s0;
  let s6 = s0;
  let s7 = s0;
  for (; indices < end; indices += 4, values += 4) {
    const row = from + load<u32>(indices) * stride;
    const x = v128.load_splat<f32>(values);
    s0 = madd(x, v128.load(row), s0);
    s1 = madd(x, v128.load(row, 16), s1);
    s2 = madd(x, v128.load(row, 32), s2);
    s3 = madd(x, v128.load(row, 48), s3);
    s4 = madd(x, v128.load(row, 64), s4);
    s5 = madd(x, v128.load(row, 80), s5);
    s6 = madd(x, v128.load(row, 96), s6);
    s7 = madd(x, v128.load(row, 112), s7);
  }
  v128.store(to, s0);
  v128.store(to, s1, 16);
  v128.store(to, s2, 32);
  v128.store(to, s3, 48);
  v128.store(to, s4, 64);
  v128.store(to, s5, 80);
  v128.store(to, s6, 96);
  v128.store(to, s7, 112);
}

/** 4 columns. */
export function sumNarrow(
  indices: usize,
  end: usize,
  values: usize,
  from: usize,
  stride: usize,
  to: usize,
): void {
  let sum = f32x4.splat(0);
  for (; indices < end; indices += 4, values += 4) {
    sum = madd(
      v128.load_splat<f32>(values),
      v128.load(from + load<u32>(indices) * stride),
      sum,
    );
  }
  v128.store(to, sum);
}

/**
 * As `sumRows` for all columns, row by row of the dense matrix, four at a time: for long rows, which are far apart, reading them from
 * end to end is faster than coming back to each for every 32 columns.
 */
export function sumLongRows(
  indices: usize,
  values: usize,
  count: u32,
  dense: usize,
  width: u32,
  out: usize,
): void {
  const stride = width << 2;
  memory.fill(out, 0, stride);
  let p: u32 = 0;
  for (; p + 4 <= count; p += 4, indices += 16, values += 16) {
    addFourRows(
      out,
      dense + load<u32>(indices) * stride,
      dense + load<u32>(indices, 4) * stride,
      dense + load<u32>(indices, 8) * stride,
      dense + load<u32>(indices, 12) * stride,
      values,
      stride,
    );
  }
  for (; p < count; p++, indices += 4, values += 4) {
    addOneRow(
      out,
      dense + load<u32>(indices) * stride,
      load<f32>(values),
      stride,
    );
  }
}

export function addFourRows(
  y: usize,
  q0: usize,
  q1: usize,
  q2: usize,
  q3: usize,
  values: usize,
  bytes: usize,
): void {
  const w0 = v128.load_splat<f32>(values);
  const w1 = v128.load_splat<f32>(values, 4);
  const w2 = v128.load_splat<f32>(values, 8);
  const w3 = v128.load_splat<f32>(values, 12);
  let i: usize = 0;
  for (const whole = bytes & ~31; i < whole; i += 32) {
    let y0 = v128.load(y + i);
    let y1 = v128.load(y + i, 16);
    y0 = madd(v128.load(q0 + i), w0, y0);
    y1 = madd(v128.load(q0 + i, 16), w0, y1);
    y0 = madd(v128.load(q1 + i), w1, y0);
    y1 = madd(v128.load(q1 + i, 16), w1, y1);
    y0 = madd(v128.load(q2 + i), w2, y0);
    y1 = madd(v128.load(q2 + i, 16), w2, y1);
    y0 = madd(v128.load(q3 + i), w3, y0);
    y1 = madd(v128.load(q3 + i, 16), w3, y1);
    v128.store(y + i, y0);
    v128.store(y + i, y1, 16);
  }
  for (; i < bytes; i += 4) {
    let sum = v128.load32_zero(y + i);
    sum = madd(v128.load32_zero(q0 + i), w0, sum);
    sum = madd(v128.load32_zero(q1 + i), w1, sum);
    sum = madd(v128.load32_zero(q2 + i), w2, sum);
    sum = madd(v128.load32_zero(q3 + i), w3, sum);
    v128.store_lane<f32>(y + i, sum, 0);
  }
}

export function addOneRow(
  y: usize,
  row: usize,
  value: f32,
  bytes: usize,
): void {
  const weight = f32x4.splat(value);
  let i: usize = 0;
  for (const whole = bytes & ~15; i < whole; i += 16) {
    v128.store(y + i, madd(v128.load(row + i), weight, v128.load(y + i)));
  }
  for (; i < bytes; i += 4) {
    const sum = madd(
      v128.load32_zero(row + i),
      weight,
      v128.load32_zero(y + i),
    );
    v128.store_lane<f32>(y + i, sum, 0);
  }
}

/** A sparse matrix times a dense one with `width` columns. */
export function sparseTimesDense(
  job: usize,
  _scratch: usize,
  rows: u32,
  indptr: usize,
  indices: usize,
  values: usize,
  dense: usize,
  width: u32,
  out: usize,
): void {
  const stride = width << 2;
  for (;;) {
    const begin = take(job, CHUNK);
    if (begin >= rows || isCancelled(job)) return;
    const end = min(begin + CHUNK, rows);
    for (let row = begin; row < end; row++) {
      const start = load<u32>(indptr + (row << 2));
      sumRows(
        indices + (start << 2),
        values + (start << 2),
        load<u32>(indptr + (row << 2) + 4) - start,
        dense,
        stride,
        width,
        out + row * stride,
      );
    }
  }
}
