// One sweep of coordinate descent over the rows of a non-negative least-squares problem (Cichocki, Phan 2009).
import { addScaled, dot } from "./dense";
import { isCancelled, take } from "./job";

/** Rows taken at a time. */
const CHUNK: u32 = 16;

/**
 * `fixed` has rows of `up(factors, 8)` floats, the padding 0.
 * `scratch` of a worker, in floats, with K = up(factors, 8): the gram matrix (`factors · K`), the row's factors and
 * its linear term (`K` each).
 */
export function nonNegative(
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
  l1: f32,
  violations: usize,
): void {
  const ownBytes = factors << 2;
  const bytes = ((factors + 7) & ~7) << 2;
  const point = scratch + factors * bytes;
  const linear = point + bytes;
  memory.fill(scratch, 0, (factors + 2) * bytes);
  for (let i: u32 = 0; i < factors; i++) {
    memory.copy(scratch + i * bytes, gram + i * ownBytes, ownBytes);
  }
  for (;;) {
    const begin = take(job, CHUNK);
    if (begin >= rows || isCancelled(job)) return;
    const end = min(begin + CHUNK, rows);
    for (let row = begin; row < end; row++) {
      const own = solved + row * ownBytes;
      memory.copy(point, own, ownBytes);
      memory.fill(linear, 0, bytes);
      const last = load<u32>(indptr + (row << 2), 4);
      for (let p = load<u32>(indptr + (row << 2)); p < last; p++) {
        addScaled(
          linear,
          fixed + load<u32>(indices + (p << 2)) * bytes,
          load<f32>(values + (p << 2)),
          bytes,
        );
      }
      let violation: f32 = 0;
      for (let i: u32 = 0; i < factors; i++) {
        const at = i << 2;
        const old = load<f32>(point + at);
        const gradient = dot(scratch + i * bytes, point, bytes) + l1 -
          load<f32>(linear + at);
        violation += abs(old == 0 ? min(<f32> 0, gradient) : gradient);
        const curvature = load<f32>(scratch + i * bytes + at);
        if (curvature > 0) {
          store<f32>(point + at, max(<f32> 0, old - gradient / curvature));
        }
      }
      memory.copy(own, point, ownBytes);
      store<f32>(violations + (row << 2), violation);
    }
  }
}
