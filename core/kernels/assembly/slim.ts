// Elastic-net regressions of each column on all others by coordinate descent on the Gram matrix (Friedman, Hastie,
// Tibshirani 2010). Most coordinates stay 0: sweeps go over those that are not, and over all only to see whether more
// have to join.
import { isCancelled, take } from "./job";
import { orderedKey, selectKey } from "./select";
import { addRow } from "./sparse";

/** Coordinates that a target starts with: those that would lower its loss most. */
const START: u32 = 128;

/**
 * Targets from `begin` to `end`; the weights of target j are written at `slots[j - begin]`, columns ascending.
 * `scratch` of a worker: weights, products `G w`, linear terms, candidates, active coordinates and keys (`items` words
 * each), a histogram (256 words).
 */
export function slim(
  job: usize,
  scratch: usize,
  begin: u32,
  end: u32,
  items: u32,
  indptr: usize,
  indices: usize,
  values: usize,
  diagonal: usize,
  l1: f32,
  l2: f32,
  positive: bool,
  rounds: u32,
  tolerance: f32,
  topK: u32,
  slots: usize,
  outIndices: usize,
  outValues: usize,
  outCounts: usize,
): void {
  const bytes: usize = items << 2;
  const weights = scratch;
  const products = weights + bytes;
  const linear = products + bytes;
  const candidates = linear + bytes;
  const active = candidates + bytes;
  const keys = active + bytes;
  const histogram = keys + bytes;
  memory.fill(scratch, 0, 3 * bytes);
  for (;;) {
    const target = begin + take(job, 1);
    if (target >= end || isCancelled(job)) return;
    const first = load<u32>(indptr + (target << 2));
    const last = load<u32>(indptr + (target << 2), 4);
    for (let p = first; p < last; p++) {
      const column = load<u32>(indices + (p << 2));
      store<f32>(linear + (column << 2), load<f32>(values + (p << 2)));
    }
    const count = positive
      ? listAbove(indices, values, first, last, target, l1, candidates)
      : listUsed(diagonal, items, target, candidates);
    let size = strongest(
      candidates,
      count,
      linear,
      diagonal,
      l2,
      keys,
      histogram,
      active,
    );
    for (let round: u32 = 0; round < rounds; round++) {
      for (let n: u32 = 0; n < rounds; n++) {
        if (isCancelled(job)) return;
        const change = sweep(
          active,
          size,
          weights,
          products,
          linear,
          diagonal,
          indptr,
          indices,
          values,
          l1,
          l2,
          positive,
        );
        if (change < tolerance) break;
      }
      const change = sweep(
        candidates,
        count,
        weights,
        products,
        linear,
        diagonal,
        indptr,
        indices,
        values,
        l1,
        l2,
        positive,
      );
      if (change < tolerance) break;
      size = listNonZero(candidates, count, weights, active);
    }
    size = listNonZero(candidates, count, weights, active);
    const slot = load<u32>(slots + ((target - begin) << 2)) << 2;
    const kept = emitLargest(
      active,
      size,
      weights,
      keys,
      histogram,
      topK,
      outIndices + slot,
      outValues + slot,
    );
    store<u32>(outCounts + ((target - begin) << 2), kept);
    for (let n: u32 = 0; n < size; n++) {
      store<f32>(weights + (load<u32>(active + (n << 2)) << 2), 0);
    }
    memory.fill(products, 0, bytes);
    memory.fill(linear, 0, bytes);
  }
}

/** Columns of a row whose value is above `least`, the target itself left out: no other weight can become positive. */
export function listAbove(
  indices: usize,
  values: usize,
  first: u32,
  last: u32,
  target: u32,
  least: f32,
  to: usize,
): u32 {
  let count: u32 = 0;
  for (let p = first; p < last; p++) {
    const column = load<u32>(indices + (p << 2));
    if (column == target || !(load<f32>(values + (p << 2)) > least)) continue;
    store<u32>(to + (count << 2), column);
    count++;
  }
  return count;
}

/** All columns that are not 0, the target itself left out. */
export function listUsed(
  diagonal: usize,
  items: u32,
  target: u32,
  to: usize,
): u32 {
  let count: u32 = 0;
  for (let column: u32 = 0; column < items; column++) {
    if (column == target || !(load<f32>(diagonal + (column << 2)) > 0)) {
      continue;
    }
    store<u32>(to + (count << 2), column);
    count++;
  }
  return count;
}

/** Those of a list whose weight is not 0. */
export function listNonZero(
  list: usize,
  count: u32,
  weights: usize,
  to: usize,
): u32 {
  let size: u32 = 0;
  for (let n: u32 = 0; n < count; n++) {
    const column = load<u32>(list + (n << 2));
    if (load<f32>(weights + (column << 2)) == 0) continue;
    store<u32>(to + (size << 2), column);
    size++;
  }
  return size;
}

/** The coordinates that alone would lower the loss most. */
export function strongest(
  candidates: usize,
  count: u32,
  linear: usize,
  diagonal: usize,
  l2: f32,
  keys: usize,
  histogram: usize,
  to: usize,
): u32 {
  if (count <= START) {
    memory.copy(to, candidates, count << 2);
    return count;
  }
  for (let n: u32 = 0; n < count; n++) {
    store<u32>(keys + (n << 2), strength(candidates, n, linear, diagonal, l2));
  }
  const least = <u32> selectKey(keys, count, START, histogram);
  let size: u32 = 0;
  for (let n: u32 = 0; n < count && size < START; n++) {
    if (strength(candidates, n, linear, diagonal, l2) < least) continue;
    store<u32>(to + (size << 2), load<u32>(candidates + (n << 2)));
    size++;
  }
  return size;
}

function strength(
  candidates: usize,
  n: u32,
  linear: usize,
  diagonal: usize,
  l2: f32,
): u32 {
  const at = load<u32>(candidates + (n << 2)) << 2;
  const pull = load<f32>(linear + at);
  return orderedKey(pull * pull / (load<f32>(diagonal + at) + l2));
}

/** Solves for each listed weight in turn, the others held fixed; returns the largest change. */
export function sweep(
  list: usize,
  count: u32,
  weights: usize,
  products: usize,
  linear: usize,
  diagonal: usize,
  indptr: usize,
  indices: usize,
  values: usize,
  l1: f32,
  l2: f32,
  positive: bool,
): f32 {
  let largest: f32 = 0;
  for (let n: u32 = 0; n < count; n++) {
    const column = load<u32>(list + (n << 2));
    const at: usize = column << 2;
    const old = load<f32>(weights + at);
    const square = load<f32>(diagonal + at);
    const pull = load<f32>(linear + at) - load<f32>(products + at) +
      square * old;
    let weight: f32 = 0;
    if (pull > l1) weight = (pull - l1) / (square + l2);
    else if (!positive && pull < -l1) weight = (pull + l1) / (square + l2);
    if (weight == old) continue;
    store<f32>(weights + at, weight);
    largest = max(largest, abs(weight - old));
    const first: usize = load<u32>(indptr + at);
    addRow(
      indices + (first << 2),
      values + (first << 2),
      load<u32>(indptr + at, 4) - <u32> first,
      weight - old,
      products,
    );
  }
  return largest;
}

/** Writes the listed weights, cut to the `topK` of largest magnitude, ties by lower column. */
export function emitLargest(
  list: usize,
  count: u32,
  weights: usize,
  keys: usize,
  histogram: usize,
  topK: u32,
  outIndices: usize,
  outValues: usize,
): u32 {
  let least: u32 = 0;
  let ties: u32 = 0xffffffff;
  if (count > topK) {
    for (let n: u32 = 0; n < count; n++) {
      const column = load<u32>(list + (n << 2));
      store<u32>(
        keys + (n << 2),
        orderedKey(abs(load<f32>(weights + (column << 2)))),
      );
    }
    const selected = selectKey(keys, count, topK, histogram);
    least = <u32> selected;
    ties = <u32> (selected >> 32);
  }
  let kept: u32 = 0;
  for (let n: u32 = 0; n < count; n++) {
    const column = load<u32>(list + (n << 2));
    const weight = load<f32>(weights + (column << 2));
    const key = orderedKey(abs(weight));
    if (key < least) continue;
    if (key == least) {
      if (ties == 0) continue;
      ties--;
    }
    store<u32>(outIndices + (kept << 2), column);
    store<f32>(outValues + (kept << 2), weight);
    kept++;
  }
  return kept;
}
