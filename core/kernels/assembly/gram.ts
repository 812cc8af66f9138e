// scale · FᵀF. The rows are cut into segments by their number alone, each segment is summed by one worker and the
// sums are added in order, so that the result depends neither on timing nor on how many workers there are.
import { MR, NR, packColumns, tile } from "./gemm";
import { finish, isCancelled, take } from "./job";

/** Rows that are packed at a time: 256 × 8 floats stay in the first-level cache. */
const BLOCK: u32 = 256;

/** `scratch` of a worker: `BLOCK · (up(k, 8) + 6)` floats; `sums`: `segments · up(k, 6) · up(k, 8)` floats. */
export function gram(
  job: usize,
  scratch: usize,
  factors: usize,
  rows: u32,
  k: u32,
  scale: f32,
  segments: u32,
  sums: usize,
  out: usize,
): void {
  const right = (k + NR - 1) / NR * NR;
  const left = (k + MR - 1) / MR * MR;
  const size = (left * right) << 2;
  const perSegment = (rows + segments - 1) / segments;
  for (;;) {
    const segment = take(job, 1);
    if (segment >= segments || isCancelled(job)) return;
    const begin = min(segment * perSegment, rows);
    const end = min(begin + perSegment, rows);
    const sum = sums + segment * size;
    for (let row = begin; row == begin || row < end; row += BLOCK) {
      gramBlock(
        scratch,
        factors + ((row * k) << 2),
        min(BLOCK, end - row),
        k,
        sum,
        right,
        row != begin,
      );
    }
    if (finish(job) == segments - 1) {
      gramReduce(sums, segments, size, k, right, scale, out);
    }
  }
}

/** Adds the products of one block of rows to the tiles on and above the diagonal. */
export function gramBlock(
  scratch: usize,
  factors: usize,
  rows: u32,
  k: u32,
  sum: usize,
  right: u32,
  accumulate: bool,
): void {
  const stride = k << 2;
  const bPanels = scratch;
  const aPanel = scratch + ((BLOCK * right) << 2);
  const bSize = (rows * NR) << 2;
  let to = bPanels;
  for (let j: u32 = 0; j < k; j += NR, to += bSize) {
    packColumns(factors + (j << 2), stride, rows, min(NR, k - j), NR, to);
  }
  for (let i: u32 = 0; i < k; i += MR) {
    packColumns(factors + (i << 2), stride, rows, min(MR, k - i), MR, aPanel);
    for (let j = i / NR * NR; j < k; j += NR) {
      tile(
        aPanel,
        bPanels + (j / NR) * bSize,
        rows,
        sum + ((i * right + j) << 2),
        right << 2,
        accumulate,
      );
    }
  }
}

/** Adds the segments' sums in order, scales, and mirrors the result below the diagonal. */
export function gramReduce(
  sums: usize,
  segments: u32,
  size: usize,
  k: u32,
  right: u32,
  scale: f32,
  out: usize,
): void {
  for (let i: u32 = 0; i < k; i++) {
    addSegments(
      sums + ((i * right) << 2),
      segments,
      size,
      i & ~3,
      k,
      scale,
      out + ((i * k) << 2),
    );
  }
  const stride = k << 2;
  const whole = k & ~3;
  for (let j: u32 = 4; j < whole; j += 4) {
    for (let i: u32 = 0; i < j; i += 4) {
      transposeFour(
        out + i * stride + (j << 2),
        out + j * stride + (i << 2),
        stride,
      );
    }
  }
  for (let j: u32 = 1; j < k; j++) {
    for (let i: u32 = j < whole ? j & ~3 : 0; i < j; i++) {
      store<f32>(
        out + j * stride + (i << 2),
        load<f32>(out + i * stride + (j << 2)),
      );
    }
  }
}

/** One row of the result, from column `first` on, a multiple of 4. */
export function addSegments(
  row: usize,
  segments: u32,
  size: usize,
  first: u32,
  k: u32,
  scale: f32,
  out: usize,
): void {
  const factor = f32x4.splat(scale);
  let j = first;
  for (; j + 4 <= k; j += 4) {
    let at = row + (j << 2);
    let sum = v128.load(at);
    for (let s: u32 = 1; s < segments; s++) {
      at += size;
      sum = f32x4.add(sum, v128.load(at));
    }
    v128.store(out + (j << 2), f32x4.mul(sum, factor));
  }
  for (; j < k; j++) {
    let at = row + (j << 2);
    let sum = load<f32>(at);
    for (let s: u32 = 1; s < segments; s++) {
      at += size;
      sum += load<f32>(at);
    }
    store<f32>(out + (j << 2), sum * scale);
  }
}

/** Writes the transpose of four rows of four columns; rows are `stride` bytes apart on both sides. */
export function transposeFour(from: usize, to: usize, stride: usize): void {
  const a = v128.load(from);
  const b = v128.load(from + stride);
  const c = v128.load(from + 2 * stride);
  const d = v128.load(from + 3 * stride);
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const ab2 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd2 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f64>(ab, cd, 0, 2));
  v128.store(to + stride, v128.shuffle<f64>(ab, cd, 1, 3));
  v128.store(to + 2 * stride, v128.shuffle<f64>(ab2, cd2, 0, 2));
  v128.store(to + 3 * stride, v128.shuffle<f64>(ab2, cd2, 1, 3));
}
