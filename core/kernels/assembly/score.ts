// What serving needs: one thread, no job.
import { sumLanes } from "./dense";
import { madd } from "./madd";
import { belowBest, offer, sortHeap } from "./top_k";

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
    const third = items + 2 * stride;
    v128.store(
      out,
      dotRows(user, items, items + stride, third, third + stride, stride),
    );
  }
  for (; item < count; item++, items += stride, out += 4) {
    storeProduct(user, items, stride, out);
  }
}

/** As `scoreFactors`, to the bit, for `count` of the items. */
export function scoreSome(
  user: usize,
  items: usize,
  factors: u32,
  which: usize,
  count: u32,
  out: usize,
): void {
  const stride = factors << 2;
  const end = out + (count << 2);
  for (; out + 16 <= end; out += 16, which += 16) {
    v128.store(
      out,
      dotRows(
        user,
        items + load<u32>(which) * stride,
        items + load<u32>(which, 4) * stride,
        items + load<u32>(which, 8) * stride,
        items + load<u32>(which, 12) * stride,
        stride,
      ),
    );
  }
  for (; out < end; out += 4, which += 4) {
    storeProduct(user, items + load<u32>(which) * stride, stride, out);
  }
}

// @ts-ignore: decorator
@inline
function storeProduct(
  user: usize,
  item: usize,
  bytes: usize,
  out: usize,
): void {
  // The other three are this item again: nothing is read behind the last item.
  store<f32>(
    out,
    f32x4.extract_lane(dotRows(user, item, item, item, item, bytes), 0),
  );
}

/** `user` times four rows of `bytes` bytes. */
export function dotRows(
  user: usize,
  row: usize,
  q1: usize,
  q2: usize,
  q3: usize,
  bytes: usize,
): v128 {
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

/** Scores that are looked at for where to start. */
const SAMPLE: u32 = 4096;

/**
 * The best `k` finite scores, sorted; returns how many. `count` is any number. `tail` has room for 32 floats and a word.
 */
export function topK(
  scores: usize,
  count: u32,
  k: u32,
  indices: usize,
  values: usize,
  tail: usize,
): u32 {
  const whole = count & ~15;
  const floor = k <= 32
    ? belowBest(scores, min(count, SAMPLE), k, tail)
    : -Infinity as f32;
  const nans = tail + 128;
  let size = offer(scores, whole, 0, values, indices, k, 0, nans, floor, true);
  if (whole < count) {
    const bytes = (count - whole) << 2;
    for (let i: usize = bytes; i < 64; i += 4) store<f32>(tail + i, -Infinity);
    memory.copy(tail, scores + (whole << 2), bytes);
    size = offer(
      tail,
      16,
      whole,
      values,
      indices,
      k,
      size,
      nans,
      floor,
      true,
    );
  }
  sortHeap(values, indices, size);
  return size;
}
