// Exact solution of one block of factors per row, the other factors held fixed: iALS++, and with one block of all
// factors the Cholesky solver. The step is Newton's, which for a quadratic is exact, from where the row stands.
import { addScaled, dot } from "./dense";
import { fail, isCancelled, take } from "./job";
import { madd } from "./madd";

/** Rows taken at a time. */
const CHUNK: u32 = 8;

/**
 * `fixed` has rows of `up(factors, 8)` floats, the padding 0.
 * `scratch` of a worker, in floats, with K = up(factors, 8) and S = up(size + 1, 8): rows of the gram matrix
 * (`size · K`), the row's factors (`K`), what each system starts with (`size · S`), the system (`(size + 1) · S`), four
 * entries (`4 · S`), gradient and step (`S` each).
 */
export function ialsBlock(
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
  first: u32,
  size: u32,
): void {
  const ownBytes = factors << 2;
  const bytes = ((factors + 7) & ~7) << 2;
  const stride = ((size + 8) & ~7) << 2;
  const point = scratch + size * bytes;
  const start = point + bytes;
  const system = start + size * stride;
  const entries = system + (size + 1) * stride;
  const gradient = entries + 4 * stride;
  const step = gradient + stride;
  const offset = first << 2;
  const sizeBytes = size << 2;
  const whole = size == factors;
  for (let i: u32 = 0; i < size; i++) {
    const row = scratch + i * bytes;
    memory.fill(row, 0, bytes);
    memory.copy(row, gram + (first + i) * ownBytes, ownBytes);
  }
  memory.fill(point, 0, step + stride - point);
  for (let i: u32 = 0; i < size; i++) {
    memory.copy(start + i * stride, scratch + i * bytes + offset, sizeBytes);
  }
  for (;;) {
    const begin = take(job, CHUNK);
    if (begin >= rows) return;
    const end = min(begin + CHUNK, rows);
    for (let row = begin; row < end; row++) {
      if (isCancelled(job)) return;
      const at = load<u32>(indptr + (row << 2));
      const count = load<u32>(indptr + (row << 2), 4) - at;
      const own = solved + row * ownBytes;
      if (count == 0) {
        memory.fill(own, 0, ownBytes);
        continue;
      }
      memory.copy(system, start, size * stride);
      const weight = load<f32>(ridge + (row << 2));
      for (let i: u32 = 0; i < size; i++) {
        const diagonal = system + i * stride + (i << 2);
        store<f32>(diagonal, load<f32>(diagonal) + weight);
      }
      if (whole) {
        memory.fill(own, 0, ownBytes);
        memory.fill(gradient, 0, stride);
      } else {
        memory.copy(point, own, ownBytes);
        for (let i: u32 = 0; i < size; i++) {
          store<f32>(
            gradient + (i << 2),
            dot(scratch + i * bytes, point, bytes) +
              weight * load<f32>(point + offset + (i << 2)),
          );
        }
      }
      addObserved(
        indices + (at << 2),
        values + (at << 2),
        count,
        fixed,
        bytes,
        offset,
        size,
        whole ? 0 : point,
        linearOffset,
        system,
        stride,
        entries,
        gradient,
      );
      for (let i: u32 = 0; i < size; i++) {
        const last = system + i * stride + sizeBytes;
        store<f32>(last, load<f32>(gradient + (i << 2)));
      }
      const pivot = factorise(system, stride, size);
      if (pivot < size) {
        fail(job, row, load<f32>(system + pivot * stride + (pivot << 2)));
        return;
      }
      substitute(system, stride, size, step);
      for (let i: u32 = 0; i < size; i++) {
        const to = own + offset + (i << 2);
        store<f32>(to, load<f32>(to) - load<f32>(step + (i << 2)));
      }
    }
  }
}

/**
 * Adds `Σ c q qᵀ` to the system and `Σ (c (q · x - 1) - linearOffset) q` to the gradient, four entries at a time; x is
 * 0 when `point` is.
 */
export function addObserved(
  indices: usize,
  values: usize,
  count: u32,
  fixed: usize,
  bytes: usize,
  offset: usize,
  size: u32,
  point: usize,
  linearOffset: f32,
  system: usize,
  stride: usize,
  entries: usize,
  gradient: usize,
): void {
  const sizeBytes = size << 2;
  for (let n: u32 = 0; n < count; n += 4) {
    const group = min(4, count - n);
    let c0: f32 = 0;
    let c1: f32 = 0;
    let c2: f32 = 0;
    let c3: f32 = 0;
    for (let t: u32 = 0; t < group; t++) {
      const q = fixed + load<u32>(indices + ((n + t) << 2)) * bytes;
      const c = load<f32>(values + ((n + t) << 2));
      const entry = entries + t * stride;
      memory.copy(entry, q + offset, sizeBytes);
      const score = point ? dot(q, point, bytes) : 0;
      const pull = c * (score - 1) - linearOffset;
      addScaled(gradient, entry, pull, stride);
      if (t == 0) c0 = c;
      else if (t == 1) c1 = c;
      else if (t == 2) c2 = c;
      else c3 = c;
    }
    // What is left over from an earlier group has weight 0, but must be numbers.
    addRankFour(system, stride, 0, size, entries, c0, c1, c2, c3);
  }
}

/**
 * `A[i, j] += Σ_t c_t v_t[i] v_t[j]` for rows `i` from `first`, which is even, and columns `j` from the last multiple
 * of 4 before `i` on: the upper triangle, and what is left of it unused. Two rows at a time share what is read of v;
 * when `size` is odd, the row after the last is written too.
 */
export function addRankFour(
  a: usize,
  stride: usize,
  first: u32,
  size: u32,
  v: usize,
  c0: f32,
  c1: f32,
  c2: f32,
  c3: f32,
): void {
  const v1 = v + stride;
  const v2 = v1 + stride;
  const v3 = v2 + stride;
  const width: usize = ((size + 4) & ~3) << 2;
  for (let i = first; i < size; i += 2) {
    const at = i << 2;
    const x0 = f32x4.splat(c0 * load<f32>(v + at));
    const x1 = f32x4.splat(c1 * load<f32>(v1 + at));
    const x2 = f32x4.splat(c2 * load<f32>(v2 + at));
    const x3 = f32x4.splat(c3 * load<f32>(v3 + at));
    const y0 = f32x4.splat(c0 * load<f32>(v + at, 4));
    const y1 = f32x4.splat(c1 * load<f32>(v1 + at, 4));
    const y2 = f32x4.splat(c2 * load<f32>(v2 + at, 4));
    const y3 = f32x4.splat(c3 * load<f32>(v3 + at, 4));
    const row = a + i * stride;
    const next = row + stride;
    let j: usize = (i & ~3) << 2;
    if ((width - j) & 16) {
      let s = v128.load(row + j);
      let t = v128.load(next + j);
      let w = v128.load(v + j);
      s = madd(x0, w, s);
      t = madd(y0, w, t);
      w = v128.load(v1 + j);
      s = madd(x1, w, s);
      t = madd(y1, w, t);
      w = v128.load(v2 + j);
      s = madd(x2, w, s);
      t = madd(y2, w, t);
      w = v128.load(v3 + j);
      v128.store(row + j, madd(x3, w, s));
      v128.store(next + j, madd(y3, w, t));
      j += 16;
    }
    for (; j < width; j += 32) {
      let s0 = v128.load(row + j);
      let s1 = v128.load(row + j, 16);
      let t0 = v128.load(next + j);
      let t1 = v128.load(next + j, 16);
      let w = v128.load(v + j);
      s0 = madd(x0, w, s0);
      t0 = madd(y0, w, t0);
      w = v128.load(v + j, 16);
      s1 = madd(x0, w, s1);
      t1 = madd(y0, w, t1);
      w = v128.load(v1 + j);
      s0 = madd(x1, w, s0);
      t0 = madd(y1, w, t0);
      w = v128.load(v1 + j, 16);
      s1 = madd(x1, w, s1);
      t1 = madd(y1, w, t1);
      w = v128.load(v2 + j);
      s0 = madd(x2, w, s0);
      t0 = madd(y2, w, t0);
      w = v128.load(v2 + j, 16);
      s1 = madd(x2, w, s1);
      t1 = madd(y2, w, t1);
      w = v128.load(v3 + j);
      s0 = madd(x3, w, s0);
      t0 = madd(y3, w, t0);
      w = v128.load(v3 + j, 16);
      s1 = madd(x3, w, s1);
      t1 = madd(y3, w, t1);
      v128.store(row + j, s0);
      v128.store(row + j, s1, 16);
      v128.store(next + j, t0);
      v128.store(next + j, t1, 16);
    }
  }
}

/**
 * Cholesky factorisation `A = UᵀU` in place, the column at `size` being taken along as a right-hand side. Four rows at
 * a time, so that each element of the rest is read and written once for four. Returns `size`, or the row whose pivot
 * is not positive and finite.
 */
export function factorise(a: usize, stride: usize, size: u32): u32 {
  const width: usize = ((size + 4) & ~3) << 2;
  for (let k: u32 = 0; k < size; k += 4) {
    const panel = a + k * stride;
    const end = min(k + 4, size);
    for (let i = k; i < end; i++) {
      const at = i << 2;
      const row = a + i * stride;
      // Rows of the panel that come later have no part in this one.
      const u0 = i > k ? load<f32>(panel + at) : 0;
      const u1 = i > k + 1 ? load<f32>(panel + stride + at) : 0;
      const u2 = i > k + 2 ? load<f32>(panel + 2 * stride + at) : 0;
      const pivot = load<f32>(row + at) - u0 * u0 - u1 * u1 - u2 * u2;
      if (!(pivot > 0 && pivot < Infinity)) {
        store<f32>(row + at, pivot);
        return i;
      }
      reduceRow(
        row,
        (i & ~3) << 2,
        width,
        i > k ? panel : row,
        i > k + 1 ? panel + stride : row,
        i > k + 2 ? panel + 2 * stride : row,
        u0,
        u1,
        u2,
        <f32> 1 / sqrt(pivot),
      );
    }
    if (end - k == 4) addRankFour(a, stride, end, size, panel, -1, -1, -1, -1);
  }
  return size;
}

/** `y = scale (y - a0 x0 - a1 x1 - a2 x2)` from byte `start` on. */
export function reduceRow(
  y: usize,
  start: usize,
  bytes: usize,
  x0: usize,
  x1: usize,
  x2: usize,
  a0: f32,
  a1: f32,
  a2: f32,
  scale: f32,
): void {
  const b0 = f32x4.splat(-a0);
  const b1 = f32x4.splat(-a1);
  const b2 = f32x4.splat(-a2);
  const factor = f32x4.splat(scale);
  for (let j = start; j < bytes; j += 16) {
    let sum = v128.load(y + j);
    sum = madd(b0, v128.load(x0 + j), sum);
    sum = madd(b1, v128.load(x1 + j), sum);
    sum = madd(b2, v128.load(x2 + j), sum);
    v128.store(y + j, f32x4.mul(factor, sum));
  }
}

/** Solves `U x = y`, y being the column at `size`. */
export function substitute(
  a: usize,
  stride: usize,
  size: u32,
  x: usize,
): void {
  memory.fill(x, 0, stride);
  store<f32>(x + (size << 2), -1);
  for (let i = <i32> size - 1; i >= 0; i--) {
    const row = a + i * stride;
    const start: usize = (i & ~7) << 2;
    store<f32>(
      x + (i << 2),
      -dot(row + start, x + start, stride - start) /
        load<f32>(row + (i << 2)),
    );
  }
}
