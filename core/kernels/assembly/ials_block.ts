// Exact solution of one block of factors per row, the other factors held fixed: iALS++, and with one block of all
// factors the Cholesky solver. The step is Newton's, which for a quadratic is exact, from where the row stands.
import { addScaled, dot } from "./dense";
import { fail, isCancelled, take } from "./job";

/** Rows taken at a time. */
const CHUNK: u32 = 8;

/**
 * `fixed` has rows of `up(factors, 8)` floats, the padding 0.
 * `scratch` of a worker, in floats, with K = up(factors, 8) and S = up(size + 1, 8): rows of the gram matrix
 * (`size · K`), the row's factors (`K`), the system (`size · S`), four entries (`4 · S`), gradient and step (`S` each).
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
  const system = point + bytes;
  const entries = system + size * stride;
  const gradient = entries + 4 * stride;
  const step = gradient + stride;
  const offset = first << 2;
  const sizeBytes = size << 2;
  for (let i: u32 = 0; i < size; i++) {
    const row = scratch + i * bytes;
    memory.fill(row, 0, bytes);
    memory.copy(row, gram + (first + i) * ownBytes, ownBytes);
  }
  memory.fill(point, 0, step + stride - point);
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
      memory.copy(point, own, ownBytes);
      const weight = load<f32>(ridge + (row << 2));
      for (let i: u32 = 0; i < size; i++) {
        const from = scratch + i * bytes;
        const to = system + i * stride;
        memory.copy(to, from + offset, sizeBytes);
        store<f32>(to + (i << 2), load<f32>(to + (i << 2)) + weight);
        store<f32>(
          gradient + (i << 2),
          dot(from, point, bytes) +
            weight * load<f32>(point + offset + (i << 2)),
        );
      }
      addObserved(
        indices + (at << 2),
        values + (at << 2),
        count,
        fixed,
        bytes,
        offset,
        size,
        point,
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

/** Adds `Σ c q qᵀ` to the system and `Σ (c (q · x - 1) - linearOffset) q` to the gradient, four entries at a time. */
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
      const pull = c * (dot(q, point, bytes) - 1) - linearOffset;
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
 * `A[i, j] += Σ_t c_t v_t[i] v_t[j]` for rows `i` from `first` on and columns `j` from the last multiple of 8 before
 * `i` on: the upper triangle, and what is left of it unused.
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
  for (let i = first; i < size; i++) {
    const at = i << 2;
    const x0 = f32x4.splat(c0 * load<f32>(v + at));
    const x1 = f32x4.splat(c1 * load<f32>(v1 + at));
    const x2 = f32x4.splat(c2 * load<f32>(v2 + at));
    const x3 = f32x4.splat(c3 * load<f32>(v3 + at));
    const row = a + i * stride;
    for (let j: usize = (i & ~7) << 2; j < stride; j += 32) {
      let y0 = v128.load(row + j);
      let y1 = v128.load(row + j, 16);
      y0 = f32x4.relaxed_madd(x0, v128.load(v + j), y0);
      y1 = f32x4.relaxed_madd(x0, v128.load(v + j, 16), y1);
      y0 = f32x4.relaxed_madd(x1, v128.load(v1 + j), y0);
      y1 = f32x4.relaxed_madd(x1, v128.load(v1 + j, 16), y1);
      y0 = f32x4.relaxed_madd(x2, v128.load(v2 + j), y0);
      y1 = f32x4.relaxed_madd(x2, v128.load(v2 + j, 16), y1);
      y0 = f32x4.relaxed_madd(x3, v128.load(v3 + j), y0);
      y1 = f32x4.relaxed_madd(x3, v128.load(v3 + j, 16), y1);
      v128.store(row + j, y0);
      v128.store(row + j, y1, 16);
    }
  }
}

/**
 * Cholesky factorisation `A = UᵀU` in place, the column at `size` being taken along as a right-hand side. Four rows at
 * a time, so that each element of the rest is read and written once for four. Returns `size`, or the row whose pivot
 * is not positive and finite.
 */
export function factorise(a: usize, stride: usize, size: u32): u32 {
  for (let k: u32 = 0; k < size; k += 4) {
    const panel = a + k * stride;
    const end = min(k + 4, size);
    for (let i = k; i < end; i++) {
      const row = a + i * stride;
      const start: usize = (i & ~7) << 2;
      for (let above = panel; above < row; above += stride) {
        addScaled(
          row + start,
          above + start,
          -load<f32>(above + (i << 2)),
          stride - start,
        );
      }
      const pivot = load<f32>(row + (i << 2));
      if (!(pivot > 0 && pivot < Infinity)) return i;
      const scale = f32x4.splat(<f32> 1 / sqrt(pivot));
      for (let j = start; j < stride; j += 16) {
        v128.store(row + j, f32x4.mul(scale, v128.load(row + j)));
      }
    }
    if (end - k == 4) addRankFour(a, stride, end, size, panel, -1, -1, -1, -1);
  }
  return size;
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
