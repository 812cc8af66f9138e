// Rows of signals · Σ c_k P^k + left · rightᵀ with P = MᵀM, cut to those of largest magnitude. P is never formed: a
// power more takes a product with M and one with Mᵀ. 32 rows are filtered at a time, one lane each: their values at an
// item or at a user are adjacent, so that the entries of M are read once for all of them.
import { sumWide } from "./dense_rows";
import { MR, NR, packRows, tile } from "./gemm";
import { isCancelled, take } from "./job";
import { orderedKey, selectKey } from "./select";

/** Rows filtered at a time. */
const LANES: u32 = 32;
const STRIDE: usize = 128;
/** Of how many entries of a row one is looked at to guess which are the largest. */
const SAMPLED: u32 = 16;

/**
 * Rows from `begin` to `end`; row r is written at `(r - begin) · topK`, columns ascending. `right` is packed in panels
 * of 6. `scratch` of a worker: values at items (`up(items, 12) · 32` floats), values at users or rows of the result
 * (`max(users, up(items, 12)) · 32`), packed rows of `left` (`32 · rank`), keys and columns (`up(items, 12)` words each), a histogram (256 words).
 */
export function graphFilter(
  job: usize,
  scratch: usize,
  begin: u32,
  end: u32,
  users: u32,
  items: u32,
  indptr: usize,
  indices: usize,
  values: usize,
  transposedIndptr: usize,
  transposedIndices: usize,
  transposedValues: usize,
  signalIndptr: usize,
  signalIndices: usize,
  signalValues: usize,
  coefficients: usize,
  degree: u32,
  left: usize,
  right: usize,
  rank: u32,
  topK: u32,
  outIndices: usize,
  outValues: usize,
  outCounts: usize,
): void {
  const padded = (items + 11) / 12 * 12;
  const atItems = scratch;
  const atUsers = atItems + padded * STRIDE;
  const packed = atUsers + max(users, padded) * STRIDE;
  const keys = packed + rank * STRIDE;
  const candidates = keys + (padded << 2);
  const histogram = candidates + (padded << 2);
  for (;;) {
    const first = begin + take(job, LANES);
    if (first >= end || isCancelled(job)) return;
    const lanes = min(LANES, end - first);
    memory.fill(atItems, 0, padded * STRIDE);
    for (let lane: u32 = 0; lane < lanes; lane++) {
      const row = (first + lane) << 2;
      filterOnce(
        signalIndices,
        signalValues,
        load<u32>(signalIndptr + row),
        load<u32>(signalIndptr + row, 4),
        load<f32>(coefficients + ((degree - 1) << 2)),
        indptr,
        indices,
        values,
        transposedIndptr,
        transposedIndices,
        transposedValues,
        atItems + (lane << 2),
      );
    }
    // Horner's scheme.
    for (let power = degree - 1; power > 0; power--) {
      for (let lane: u32 = 0; lane < lanes; lane++) {
        const row = (first + lane) << 2;
        addSignal(
          signalIndices,
          signalValues,
          load<u32>(signalIndptr + row),
          load<u32>(signalIndptr + row, 4),
          load<f32>(coefficients + ((power - 1) << 2)),
          atItems + (lane << 2),
        );
      }
      multiplyLanes(users, indptr, indices, values, atItems, atUsers);
      if (isCancelled(job)) return;
      multiplyLanes(
        items,
        transposedIndptr,
        transposedIndices,
        transposedValues,
        atUsers,
        atItems,
      );
      if (isCancelled(job)) return;
    }
    if (rank > 0) {
      const bytes: usize = rank << 2;
      for (let lane: u32 = 0; lane < LANES; lane += NR) {
        packRows(
          left + (first + lane) * bytes,
          bytes,
          rank,
          <u32> max(0, min(<i32> NR, <i32> lanes - <i32> lane)),
          NR,
          packed + lane * bytes,
        );
      }
      addProduct(items, right, packed, rank, atItems);
    }
    transposeLanes(padded, atItems, atUsers);
    for (let lane: u32 = 0; lane < lanes; lane++) {
      const row = first + lane - begin;
      const slot = (row * topK) << 2;
      const kept = keepLargest(
        atUsers + ((lane * padded) << 2),
        padded,
        keys,
        candidates,
        histogram,
        topK,
        outIndices + slot,
        outValues + slot,
      );
      store<u32>(outCounts + (row << 2), kept);
    }
  }
}

/** Adds `scale · signal · P` to one lane, by the few entries that a sparse signal meets. */
export function filterOnce(
  signalIndices: usize,
  signalValues: usize,
  first: u32,
  last: u32,
  scale: f32,
  indptr: usize,
  indices: usize,
  values: usize,
  transposedIndptr: usize,
  transposedIndices: usize,
  transposedValues: usize,
  lane: usize,
): void {
  for (let s = first; s < last; s++) {
    const item = load<u32>(signalIndices + (s << 2)) << 2;
    const signal = scale * load<f32>(signalValues + (s << 2));
    const end = load<u32>(transposedIndptr + item, 4);
    for (let p = load<u32>(transposedIndptr + item); p < end; p++) {
      const user = load<u32>(transposedIndices + (p << 2)) << 2;
      const start = load<u32>(indptr + user);
      addStrided(
        indices + (start << 2),
        values + (start << 2),
        load<u32>(indptr + user, 4) - start,
        signal * load<f32>(transposedValues + (p << 2)),
        lane,
      );
    }
  }
}

/** `lane[indices[p]] += weight · values[p]`, the lane's values being those of all lanes apart. */
export function addStrided(
  indices: usize,
  values: usize,
  count: u32,
  weight: f32,
  lane: usize,
): void {
  const end = indices + (count << 2);
  for (; indices < end; indices += 4, values += 4) {
    const at = lane + load<u32>(indices) * STRIDE;
    store<f32>(at, load<f32>(at) + weight * load<f32>(values));
  }
}

/** Adds `scale · signal` to one lane. */
export function addSignal(
  signalIndices: usize,
  signalValues: usize,
  first: u32,
  last: u32,
  scale: f32,
  lane: usize,
): void {
  addStrided(
    signalIndices + (first << 2),
    signalValues + (first << 2),
    last - first,
    scale,
    lane,
  );
}

/** A sparse matrix times the values of all lanes. */
export function multiplyLanes(
  rows: u32,
  indptr: usize,
  indices: usize,
  values: usize,
  from: usize,
  to: usize,
): void {
  let start = load<u32>(indptr);
  for (let row: u32 = 0; row < rows; row++, to += STRIDE) {
    const end = load<u32>(indptr + (row << 2), 4);
    sumWide(
      indices + (start << 2),
      indices + (end << 2),
      values + (start << 2),
      from,
      STRIDE,
      to,
    );
    start = end;
  }
}

/** Adds the products of packed rows of `right` with those of `left` to the values at all items. */
export function addProduct(
  items: u32,
  right: usize,
  packed: usize,
  rank: u32,
  to: usize,
): void {
  const bytes: usize = rank << 2;
  for (let item: u32 = 0; item < items; item += MR) {
    for (let lane: u32 = 0; lane < LANES; lane += NR) {
      tile(
        right + item * bytes,
        packed + lane * bytes,
        rank,
        to + item * STRIDE + (lane << 2),
        STRIDE,
        true,
      );
    }
  }
}

/** From the lanes of each item to the items of each lane; `items` is a multiple of 4. */
export function transposeLanes(items: u32, from: usize, to: usize): void {
  const bytes: usize = items << 2;
  for (let lane: u32 = 0; lane < LANES; lane += 4) {
    let at = from + (lane << 2);
    let out = to + lane * bytes;
    for (const end = out + bytes; out < end; out += 16, at += 4 * STRIDE) {
      const a = v128.load(at);
      const b = v128.load(at, STRIDE);
      const c = v128.load(at, 2 * STRIDE);
      const d = v128.load(at, 3 * STRIDE);
      const ab = i32x4.shuffle(a, b, 0, 4, 1, 5);
      const cd = i32x4.shuffle(c, d, 0, 4, 1, 5);
      v128.store(out, i64x2.shuffle(ab, cd, 0, 2));
      v128.store(out + bytes, i64x2.shuffle(ab, cd, 1, 3));
      const abHigh = i32x4.shuffle(a, b, 2, 6, 3, 7);
      const cdHigh = i32x4.shuffle(c, d, 2, 6, 3, 7);
      v128.store(out + 2 * bytes, i64x2.shuffle(abHigh, cdHigh, 0, 2));
      v128.store(out + 3 * bytes, i64x2.shuffle(abHigh, cdHigh, 1, 3));
    }
  }
}

/**
 * Writes the entries of a row that are not 0, cut to the `topK` of largest magnitude, ties by lower column. `columns` is a
 * multiple of 4, entries past the last item being 0; `candidates` is room for as many columns.
 */
export function keepLargest(
  row: usize,
  columns: u32,
  keys: usize,
  candidates: usize,
  histogram: usize,
  topK: u32,
  outIndices: usize,
  outValues: usize,
): u32 {
  const bound = lowerBound(row, columns, keys, histogram, topK);
  let count = listLarger(row, columns, bound, candidates);
  // The sample misled.
  if (count < topK && bound > 0) {
    count = listLarger(row, columns, 0, candidates);
  }
  let least: u32 = 0;
  let ties: u32 = 0xffffffff;
  if (count > topK) {
    for (let n: u32 = 0; n < count; n++) {
      const column = load<u32>(candidates + (n << 2));
      store<u32>(
        keys + (n << 2),
        orderedKey(abs(load<f32>(row + (column << 2)))),
      );
    }
    const selected = selectKey(keys, count, topK, histogram);
    least = <u32> selected;
    ties = <u32> (selected >> 32);
  }
  let kept: u32 = 0;
  for (let n: u32 = 0; n < count; n++) {
    const column = load<u32>(candidates + (n << 2));
    const value = load<f32>(row + (column << 2));
    const key = orderedKey(abs(value));
    if (key < least) continue;
    if (key == least) {
      if (ties == 0) continue;
      ties--;
    }
    store<u32>(outIndices + (kept << 2), column);
    store<f32>(outValues + (kept << 2), value);
    kept++;
  }
  return kept;
}

/** A magnitude that a few more than `topK` entries surpass most probably, by every 16th entry; 0 if it is not worth it. */
export function lowerBound(
  row: usize,
  columns: u32,
  keys: usize,
  histogram: usize,
  topK: u32,
): f32 {
  const count = columns / SAMPLED;
  // Three standard deviations above the mean number of entries of the sample that belong to the largest.
  const mean = <f32> topK / <f32> SAMPLED;
  const wanted = <u32> (mean + 3 * sqrt(mean)) + 1;
  if (wanted * 2 > count) return 0;
  for (let n: u32 = 0; n < count; n++) {
    const value = load<f32>(row + ((n * SAMPLED) << 2));
    store<u32>(keys + (n << 2), orderedKey(abs(value)));
  }
  const least = <u32> selectKey(keys, count, wanted, histogram);
  const value = reinterpret<f32>(least & 0x7fffffff);
  return value == value ? value : 0;
}

/** Lists the columns whose magnitude is above `bound`, or is not a number. */
export function listLarger(
  row: usize,
  columns: u32,
  bound: f32,
  to: usize,
): u32 {
  const limit = f32x4.splat(bound);
  let next = to;
  for (let column: u32 = 0; column < columns; column += 4) {
    const magnitude = f32x4.abs(v128.load(row + (column << 2)));
    let mask = i32x4.bitmask(f32x4.le(magnitude, limit)) ^ 15;
    for (; mask != 0; mask &= mask - 1) {
      store<u32>(next, column + <u32> ctz(mask));
      next += 4;
    }
  }
  return <u32> ((next - to) >> 2);
}
