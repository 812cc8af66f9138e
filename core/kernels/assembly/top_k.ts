// The best k of a row of scores: a heap in memory whose root is the worst entry, its score being the threshold that
// whole groups of scores are compared with.

/** `-Infinity`: a score that is left out. */
export const LEFT_OUT: u32 = 0xff800000;

/** Whether entry `at` of the heap ranks behind the given one. */
// @ts-ignore: decorator
@inline
function isWorse(
  scores: usize,
  columns: usize,
  at: u32,
  score: f32,
  column: u32,
): bool {
  const offset = at << 2;
  const own = load<f32>(scores + offset);
  return own < score || (own == score && load<u32>(columns + offset) > column);
}

/** Puts an entry in its place on the way down from the root. */
export function sink(
  scores: usize,
  columns: usize,
  size: u32,
  score: f32,
  column: u32,
): void {
  let at: u32 = 0;
  for (let child: u32 = 1; child < size; child = 2 * at + 1) {
    const offset = child << 2;
    if (
      child + 1 < size &&
      isWorse(
        scores,
        columns,
        child + 1,
        load<f32>(scores + offset),
        load<u32>(columns + offset),
      )
    ) child++;
    if (!isWorse(scores, columns, child, score, column)) break;
    const from = child << 2;
    const to = at << 2;
    store<f32>(scores + to, load<f32>(scores + from));
    store<u32>(columns + to, load<u32>(columns + from));
    at = child;
  }
  store<f32>(scores + (at << 2), score);
  store<u32>(columns + (at << 2), column);
}

/** Appends an entry and puts it in its place on the way up to the root. */
export function rise(
  scores: usize,
  columns: usize,
  size: u32,
  score: f32,
  column: u32,
): void {
  let at = size;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (isWorse(scores, columns, parent, score, column)) break;
    const from = parent << 2;
    const to = at << 2;
    store<f32>(scores + to, load<f32>(scores + from));
    store<u32>(columns + to, load<u32>(columns + from));
    at = parent;
  }
  store<f32>(scores + (at << 2), score);
  store<u32>(columns + (at << 2), column);
}

/**
 * A score below the `k`-th best of `count`, `k` at most 32: the float before the `k`-th largest of what is largest in each of
 * 32 lanes. -Infinity where that says nothing. Whoever starts from it spares the heap those that only fill it.
 */
export function belowBest(scores: usize, count: u32, k: u32, work: usize): f32 {
  let m0 = f32x4.splat(-Infinity);
  let m1 = m0;
  let m2 = m0;
  let m3 = m0;
  let m4 = m0;
  let m5 = m0;
  let m6 = m0;
  let m7 = m0;
  const end = scores + ((count & ~31) << 2);
  for (; scores < end; scores += 128) {
    // The first unless the second is larger: NaN never is.
    m0 = f32x4.pmax(m0, v128.load(scores));
    m1 = f32x4.pmax(m1, v128.load(scores, 16));
    m2 = f32x4.pmax(m2, v128.load(scores, 32));
    m3 = f32x4.pmax(m3, v128.load(scores, 48));
    m4 = f32x4.pmax(m4, v128.load(scores, 64));
    m5 = f32x4.pmax(m5, v128.load(scores, 80));
    m6 = f32x4.pmax(m6, v128.load(scores, 96));
    m7 = f32x4.pmax(m7, v128.load(scores, 112));
  }
  v128.store(work, m0);
  v128.store(work, m1, 16);
  v128.store(work, m2, 32);
  v128.store(work, m3, 48);
  v128.store(work, m4, 64);
  v128.store(work, m5, 80);
  v128.store(work, m6, 96);
  v128.store(work, m7, 112);
  let least: f32 = -Infinity;
  for (let n: u32 = 0; n < k; n++) {
    let at: u32 = 0;
    let most = load<f32>(work);
    for (let lane: u32 = 4; lane < 128; lane += 4) {
      const score = load<f32>(work + lane);
      if (score > most) {
        most = score;
        at = lane;
      }
    }
    // Left out of lists, so it does not count.
    if (most == Infinity) return -Infinity;
    least = most;
    store<f32>(work + at, -Infinity);
  }
  return before(least);
}

/** The float before one. */
// @ts-ignore: decorator
@inline
function before(x: f32): f32 {
  if (x == -Infinity) return x;
  const bits = reinterpret<i32>(x);
  if (x == 0) return reinterpret<f32>(0x80000001);
  return reinterpret<f32>(bits + (x > 0 ? -1 : 1));
}

/**
 * Offers `count` scores (a multiple of 16) of the columns from `first` on, later columns after earlier ones. NaN is
 * left out and counted in the word at `nans`; what is not above `floor` is left out. With `finite`, Infinity is too.
 * Returns the heap's new size.
 */
export function offer(
  row: usize,
  count: u32,
  first: u32,
  scores: usize,
  columns: usize,
  k: u32,
  size: u32,
  nans: usize,
  floor: f32,
  finite: bool,
): u32 {
  let threshold: f32 = size == k ? load<f32>(scores) : floor;
  let limit = f32x4.splat(threshold);
  const end = row + (count << 2);
  for (let at = row; at < end; at += 64) {
    const m0 = f32x4.le(v128.load(at), limit);
    const m1 = f32x4.le(v128.load(at, 16), limit);
    const m2 = f32x4.le(v128.load(at, 32), limit);
    const m3 = f32x4.le(v128.load(at, 48), limit);
    // Not above the threshold, and not NaN: true for all 16 almost always.
    if (i32x4.all_true(v128.and(v128.and(m0, m1), v128.and(m2, m3)))) continue;
    let mask = (i32x4.bitmask(m0) | (i32x4.bitmask(m1) << 4) |
      (i32x4.bitmask(m2) << 8) | (i32x4.bitmask(m3) << 12)) ^ 0xffff;
    for (; mask != 0; mask &= mask - 1) {
      const lane = (ctz(mask)) << 2;
      const score = load<f32>(at + lane);
      if (score != score) {
        store<u32>(nans, load<u32>(nans) + 1);
        continue;
      }
      if (score <= threshold || (finite && score == Infinity)) continue;
      const column = first + <u32> ((at + lane - row) >> 2);
      if (size < k) {
        rise(scores, columns, size, score, column);
        size++;
        if (size < k) continue;
      } else {
        sink(scores, columns, size, score, column);
      }
      threshold = load<f32>(scores);
      limit = f32x4.splat(threshold);
    }
  }
  return size;
}

/** Sorts the heap in place, best first. */
export function sortHeap(scores: usize, columns: usize, size: u32): void {
  while (size > 1) {
    const score = load<f32>(scores);
    const column = load<u32>(columns);
    size--;
    const last = size << 2;
    sink(
      scores,
      columns,
      size,
      load<f32>(scores + last),
      load<u32>(columns + last),
    );
    store<f32>(scores + last, score);
    store<u32>(columns + last, column);
  }
}

/** Writes which of `count` scores are `least` or more, in order; returns how many. */
export function atLeast(
  scores: usize,
  count: u32,
  least: f32,
  to: usize,
): u32 {
  const start = to;
  const limit = f32x4.splat(least);
  let at: u32 = 0;
  for (; at + 16 <= count; at += 16, scores += 64) {
    const m0 = f32x4.ge(v128.load(scores), limit);
    const m1 = f32x4.ge(v128.load(scores, 16), limit);
    const m2 = f32x4.ge(v128.load(scores, 32), limit);
    const m3 = f32x4.ge(v128.load(scores, 48), limit);
    if (!v128.any_true(v128.or(v128.or(m0, m1), v128.or(m2, m3)))) continue;
    let mask = i32x4.bitmask(m0) | (i32x4.bitmask(m1) << 4) |
      (i32x4.bitmask(m2) << 8) | (i32x4.bitmask(m3) << 12);
    for (; mask != 0; mask &= mask - 1, to += 4) {
      store<u32>(to, at + ctz(mask));
    }
  }
  for (; at < count; at++, scores += 4) {
    if (load<f32>(scores) >= least) {
      store<u32>(to, at);
      to += 4;
    }
  }
  return <u32> ((to - start) >> 2);
}
