// One half epoch of implicit ALS by conjugate gradients. The rows of a block go through their steps together, so that
// the dense part of all their products, P · gram, is one packed product; the sparse part goes row by row.
import { addScaled, dot, scaleAdd, sumLanes } from "./dense";
import { MR, NR, packColumns, packRows, tile } from "./gemm";
import { fail, isCancelled, take } from "./job";
import { madd } from "./madd";

/** Rows per block: two panels, so that the factors which the rows share with each step stay in the second-level cache. */
const BLOCK: u32 = 12;
/** Squared residual at which a row counts as solved. */
const SOLVED: f32 = 1e-20;

/**
 * `fixed` has rows of `up(factors, 8)` floats, the padding 0.
 * `scratch` of a worker, in floats, with K = up(factors, 8): packed gram (`K · factors`), packed block
 * (`12 · factors`), solutions, residuals, directions and images (`12 · K` each), squared residuals (12).
 */
export function ials(
  job: usize,
  scratch: usize,
  rows: u32,
  indptr: usize,
  indices: usize,
  values: usize,
  fixed: usize,
  solved: usize,
  factors: u32,
  gram: usize,
  ridge: usize,
  linearOffset: f32,
  steps: u32,
): void {
  const padded = (factors + NR - 1) / NR * NR;
  const bytes = padded << 2;
  const ownBytes = factors << 2;
  const packed = scratch + bytes * factors;
  const solutions = packed + BLOCK * ownBytes;
  const residuals = solutions + BLOCK * bytes;
  const directions = residuals + BLOCK * bytes;
  const images = directions + BLOCK * bytes;
  const squares = images + BLOCK * bytes;
  for (let j: u32 = 0; j < factors; j += NR) {
    packColumns(
      gram + (j << 2),
      ownBytes,
      factors,
      min(NR, factors - j),
      NR,
      scratch + j * ownBytes,
    );
  }
  memory.fill(solutions, 0, 4 * BLOCK * bytes);
  for (;;) {
    const begin = take(job, BLOCK);
    if (begin >= rows || isCancelled(job)) return;
    const count = min(BLOCK, rows - begin);
    for (let r: u32 = 0; r < count; r++) {
      const at = indptr + ((begin + r) << 2);
      const from = solved + (begin + r) * ownBytes;
      const empty = load<u32>(at) == load<u32>(at, 4);
      if (empty) memory.fill(from, 0, ownBytes);
      memory.copy(solutions + r * bytes, from, ownBytes);
    }
    multiply(scratch, packed, solutions, images, count, factors, bytes);
    for (let r: u32 = 0; r < count; r++) {
      const at = indptr + ((begin + r) << 2);
      const first = load<u32>(at);
      const solution = solutions + r * bytes;
      const residual = residuals + r * bytes;
      // The residual is b − A x; its sparse part is Σ (c + offset − c (q · x)) q.
      memory.copy(residual, images + r * bytes, bytes);
      addScaled(
        residual,
        solution,
        load<f32>(ridge + ((begin + r) << 2)),
        bytes,
      );
      negate(residual, bytes);
      addEntries(
        indices + (first << 2),
        values + (first << 2),
        load<u32>(at, 4) - first,
        fixed,
        bytes,
        solution,
        residual,
        -1,
        1,
        linearOffset,
      );
      memory.copy(directions + r * bytes, residual, bytes);
      store<f32>(
        squares + (r << 2),
        dot(residual, residual, bytes),
      );
    }
    for (let step: u32 = 0; step < steps; step++) {
      if (isSolved(squares, count)) break;
      multiply(scratch, packed, directions, images, count, factors, bytes);
      for (let r: u32 = 0; r < count; r++) {
        const square = load<f32>(squares + (r << 2));
        if (square <= SOLVED) continue;
        const at = indptr + ((begin + r) << 2);
        const first = load<u32>(at);
        const direction = directions + r * bytes;
        const image = images + r * bytes;
        addScaled(
          image,
          direction,
          load<f32>(ridge + ((begin + r) << 2)),
          bytes,
        );
        addEntries(
          indices + (first << 2),
          values + (first << 2),
          load<u32>(at, 4) - first,
          fixed,
          bytes,
          direction,
          image,
          1,
          0,
          0,
        );
        const curvature = dot(direction, image, bytes);
        if (!(curvature > 0 && curvature < Infinity)) {
          fail(job, begin + r, curvature);
          return;
        }
        const alpha = square / curvature;
        const residual = residuals + r * bytes;
        addScaled(solutions + r * bytes, direction, alpha, bytes);
        addScaled(residual, image, -alpha, bytes);
        const next = dot(residual, residual, bytes);
        scaleAdd(direction, residual, next / square, bytes);
        store<f32>(squares + (r << 2), next);
      }
    }
    for (let r: u32 = 0; r < count; r++) {
      memory.copy(
        solved + (begin + r) * ownBytes,
        solutions + r * bytes,
        ownBytes,
      );
    }
  }
}

function isSolved(squares: usize, count: u32): bool {
  for (let r: u32 = 0; r < count; r++) {
    if (!(load<f32>(squares + (r << 2)) <= SOLVED)) return false;
  }
  return true;
}

/** `y = −y`. */
export function negate(y: usize, bytes: usize): void {
  for (const end = y + bytes; y < end; y += 16) {
    v128.store(y, f32x4.neg(v128.load(y)));
  }
}

/** `out = block · gram` for `count ≤ 12` rows. */
export function multiply(
  packedGram: usize,
  packed: usize,
  block: usize,
  out: usize,
  count: u32,
  factors: u32,
  bytes: usize,
): void {
  const columnPanel = (factors * NR) << 2;
  for (let r: u32 = 0; r < count; r += MR) {
    packRows(block + r * bytes, bytes, factors, MR, MR, packed);
    let from = packedGram;
    for (let j: usize = 0; j < bytes; j += 32, from += columnPanel) {
      tile(packed, from, factors, out + r * bytes + j, bytes, false);
    }
  }
}

/**
 * `y += Σ weight · q` over the row's entries, with weight = `c (linear + factor (q · x)) + offset`: four entries at a
 * time, so that x and y are read and written once for four rows of `fixed`.
 */
export function addEntries(
  indices: usize,
  values: usize,
  count: u32,
  fixed: usize,
  bytes: usize,
  x: usize,
  y: usize,
  factor: f32,
  linear: f32,
  offset: f32,
): void {
  for (
    let left = <i32> count;
    left > 0;
    left -= 4, indices += 16, values += 16
  ) {
    // A short last group repeats its first entry with weight 0.
    const at1 = left > 1 ? 4 : 0;
    const at2 = left > 2 ? 8 : 0;
    const at3 = left > 3 ? 12 : 0;
    const q0 = fixed + load<u32>(indices) * bytes;
    const q1 = fixed + load<u32>(indices + at1) * bytes;
    const q2 = fixed + load<u32>(indices + at2) * bytes;
    const q3 = fixed + load<u32>(indices + at3) * bytes;
    let a0 = f32x4.splat(0);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    let b0 = a0;
    let b1 = a0;
    let b2 = a0;
    let b3 = a0;
    for (let i: usize = 0; i < bytes; i += 32) {
      const x0 = v128.load(x + i);
      const x1 = v128.load(x + i, 16);
      a0 = madd(v128.load(q0 + i), x0, a0);
      b0 = madd(v128.load(q0 + i, 16), x1, b0);
      a1 = madd(v128.load(q1 + i), x0, a1);
      b1 = madd(v128.load(q1 + i, 16), x1, b1);
      a2 = madd(v128.load(q2 + i), x0, a2);
      b2 = madd(v128.load(q2 + i, 16), x1, b2);
      a3 = madd(v128.load(q3 + i), x0, a3);
      b3 = madd(v128.load(q3 + i, 16), x1, b3);
    }
    const c0 = load<f32>(values);
    const c1 = load<f32>(values + at1);
    const c2 = load<f32>(values + at2);
    const c3 = load<f32>(values + at3);
    const d0 = sumLanes(f32x4.add(a0, b0));
    const d1 = sumLanes(f32x4.add(a1, b1));
    const d2 = sumLanes(f32x4.add(a2, b2));
    const d3 = sumLanes(f32x4.add(a3, b3));
    const w0 = f32x4.splat(c0 * (linear + factor * d0) + offset);
    const w1 = f32x4.splat(at1 ? c1 * (linear + factor * d1) + offset : 0);
    const w2 = f32x4.splat(at2 ? c2 * (linear + factor * d2) + offset : 0);
    const w3 = f32x4.splat(at3 ? c3 * (linear + factor * d3) + offset : 0);
    for (let i: usize = 0; i < bytes; i += 32) {
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
  }
}
