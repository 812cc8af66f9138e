// What serving needs: one thread, no job.
import { sumLanes } from "./dense";
import { madd } from "./madd";
import { offer, sortHeap } from "./top_k";

/** `out[i] = items[i] · user`, four items at a time. */
export function scoreFactors(
  user: usize,
  items: usize,
  factors: u32,
  count: u32,
  out: usize,
): void {
  const stride = factors << 2;
  let item: u32 = 0;
  for (; item + 4 <= count; item += 4, items += 4 * stride, out += 16) {
    v128.store(out, dotFour(user, items, stride));
  }
  for (; item < count; item++, items += stride, out += 4) {
    // The other three are this item again: nothing is read behind the last item.
    store<f32>(out, f32x4.extract_lane(dotRows(user, items, 0, stride), 0));
  }
}

// @ts-ignore: decorator
@inline
function dotFour(user: usize, items: usize, stride: usize): v128 {
  return dotRows(user, items, stride, stride);
}

/** `user` times four rows of `bytes` bytes, `stride` bytes apart. */
export function dotRows(
  user: usize,
  row: usize,
  stride: usize,
  bytes: usize,
): v128 {
  let q1 = row + stride;
  let q2 = q1 + stride;
  let q3 = q2 + stride;
  let a0 = f32x4.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let b0 = a0;
  let b1 = a0;
  let b2 = a0;
  let b3 = a0;
  let i: usize = 0;
  for (const whole = bytes & ~31; i < whole; i += 32) {
    const x0 = v128.load(user + i);
    const x1 = v128.load(user + i, 16);
    a0 = madd(v128.load(row + i), x0, a0);
    b0 = madd(v128.load(row + i, 16), x1, b0);
    a1 = madd(v128.load(q1 + i), x0, a1);
    b1 = madd(v128.load(q1 + i, 16), x1, b1);
    a2 = madd(v128.load(q2 + i), x0, a2);
    b2 = madd(v128.load(q2 + i, 16), x1, b2);
    a3 = madd(v128.load(q3 + i), x0, a3);
    b3 = madd(v128.load(q3 + i, 16), x1, b3);
  }
  for (; i < bytes; i += 4) {
    const x = v128.load32_zero(user + i);
    a0 = madd(v128.load32_zero(row + i), x, a0);
    a1 = madd(v128.load32_zero(q1 + i), x, a1);
    a2 = madd(v128.load32_zero(q2 + i), x, a2);
    a3 = madd(v128.load32_zero(q3 + i), x, a3);
  }
  let sums = f32x4.splat(sumLanes(f32x4.add(a0, b0)));
  sums = f32x4.replace_lane(sums, 1, sumLanes(f32x4.add(a1, b1)));
  sums = f32x4.replace_lane(sums, 2, sumLanes(f32x4.add(a2, b2)));
  return f32x4.replace_lane(sums, 3, sumLanes(f32x4.add(a3, b3)));
}

/** The best `k` finite scores, sorted; returns how many. `count` is any number. */
export function topK(
  scores: usize,
  count: u32,
  k: u32,
  indices: usize,
  values: usize,
  tail: usize,
): u32 {
  const whole = count & ~15;
  let size = offer(scores, whole, 0, values, indices, k, 0, tail + 64, true);
  if (whole < count) {
    const bytes = (count - whole) << 2;
    for (let i: usize = bytes; i < 64; i += 4) store<f32>(tail + i, -Infinity);
    memory.copy(tail, scores + (whole << 2), bytes);
    size = offer(tail, 16, whole, values, indices, k, size, tail + 64, true);
  }
  sortHeap(values, indices, size);
  return size;
}
