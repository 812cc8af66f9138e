// Rows of left · right with a dense accumulator (Gustavson 1978), normalised and cut to the best k.
import { isCancelled, take } from "./job";
import { orderedKey, selectKey } from "./select";

/** Rows taken at a time: few, because the work of a row varies by orders of magnitude. */
const CHUNK: u32 = 8;
/** -0: what a sum is before anything was added. No sum ever becomes it, since +0 is added to each product. */
export const UNTOUCHED: u32 = 0x80000000;

/**
 * `scratch` of a worker: sums (`up(cols, 4)` floats), touched columns (`cols` words), keys (`cols` words), a bit per
 * column (`up(cols, 64) / 8` bytes), a histogram (256 words).
 * Row r is written at `slots[r]` of `outIndices` and `outValues`.
 * The divisor of a sum s is `a · b + shrinkage`, or `overlap · s + a + b + shrinkage` when it is additive.
 */
export function similarity(
  job: usize,
  scratch: usize,
  rows: u32,
  cols: u32,
  leftIndptr: usize,
  leftIndices: usize,
  leftValues: usize,
  rightIndptr: usize,
  rightIndices: usize,
  rightValues: usize,
  rowNorm: usize,
  colNorm: usize,
  shrinkage: f32,
  additive: bool,
  overlap: f32,
  topK: u32,
  work: usize,
  slots: usize,
  outIndices: usize,
  outValues: usize,
  outCounts: usize,
): void {
  const sums = scratch;
  const padded = (cols + 3) & ~3;
  const touched = sums + (padded << 2);
  const keys = touched + (padded << 2);
  const bits = keys + (padded << 2);
  const bitBytes = ((cols + 63) >> 6) << 3;
  const histogram = bits + bitBytes;
  for (let j: u32 = 0; j < padded; j++) {
    store<u32>(sums + (j << 2), UNTOUCHED);
  }
  memory.fill(bits, 0, bitBytes);
  for (;;) {
    const begin = take(job, CHUNK);
    if (begin >= rows) return;
    const end = min(begin + CHUNK, rows);
    for (let row = begin; row < end; row++) {
      if (isCancelled(job)) return;
      const at = row << 2;
      const first = load<u32>(leftIndptr + at);
      const last = load<u32>(leftIndptr + at + 4);
      // Where most columns are touched, finding them afterwards is cheaper than noting each when it is first seen.
      const ascending = load<u32>(work + at) > cols >> 1;
      let count: u32 = 0;
      for (let p = first; p < last; p++) {
        const inner = load<u32>(leftIndices + (p << 2));
        const weight = load<f32>(leftValues + (p << 2));
        const start = load<u32>(rightIndptr + (inner << 2));
        const length = load<u32>(rightIndptr + (inner << 2) + 4) -
          start;
        const indices = rightIndices + (start << 2);
        const values = rightValues + (start << 2);
        if (ascending) {
          addTouched(indices, values, length, weight, sums);
        } else {
          count = addAndNote(
            indices,
            values,
            length,
            weight,
            sums,
            touched,
            count,
          );
        }
      }
      if (ascending) count = findTouched(sums, padded, touched);
      const slot = (load<u32>(slots + at)) << 2;
      const kept = keepBest(
        sums,
        touched,
        count,
        ascending,
        keys,
        bits,
        bitBytes,
        histogram,
        load<f32>(rowNorm + at),
        colNorm,
        shrinkage,
        additive,
        overlap,
        topK,
        outIndices + slot,
        outValues + slot,
      );
      store<u32>(outCounts + at, kept);
    }
  }
}

/** As `addRow`, for sums that start untouched. */
export function addTouched(
  indices: usize,
  values: usize,
  count: u32,
  weight: f32,
  sums: usize,
): void {
  const end = indices + (count << 2);
  for (; indices < end; indices += 4, values += 4) {
    const at = sums + ((load<u32>(indices)) << 2);
    store<f32>(at, load<f32>(at) + (weight * load<f32>(values) + <f32> 0));
  }
}

/** As `addTouched`, and appends columns that were untouched to `touched`; returns their new number. */
export function addAndNote(
  indices: usize,
  values: usize,
  count: u32,
  weight: f32,
  sums: usize,
  touched: usize,
  noted: u32,
): u32 {
  const end = indices + (count << 2);
  let next = touched + (noted << 2);
  for (; indices < end; indices += 4, values += 4) {
    const column = load<u32>(indices);
    const at = sums + (column << 2);
    const sum = load<f32>(at);
    // Written always, kept only if new: cheaper than a branch that cannot be foreseen. When all columns are noted this
    // writes one word past the list, where the keys begin that are not in use yet.
    store<u32>(next, column);
    next += (<u32> (reinterpret<u32>(sum) == UNTOUCHED)) << 2;
    store<f32>(at, sum + (weight * load<f32>(values) + <f32> 0));
  }
  return <u32> ((next - touched) >> 2);
}

/** Lists the touched columns, ascending. */
export function findTouched(sums: usize, padded: u32, touched: usize): u32 {
  const untouched = i32x4.splat(UNTOUCHED);
  let next = touched;
  for (let j: u32 = 0; j < padded; j += 4) {
    const x = v128.load(sums + (j << 2));
    let mask = i32x4.bitmask(i32x4.ne(x, untouched));
    while (mask != 0) {
      store<u32>(next, j + ctz(mask));
      next += 4;
      mask &= mask - 1;
    }
  }
  return <u32> ((next - touched) >> 2);
}

/** Normalises the touched sums, writes the best `topK` with ascending columns, and makes all sums untouched again. */
export function keepBest(
  sums: usize,
  touched: usize,
  count: u32,
  ascending: bool,
  keys: usize,
  bits: usize,
  bitBytes: usize,
  histogram: usize,
  rowNorm: f32,
  colNorm: usize,
  shrinkage: f32,
  additive: bool,
  overlap: f32,
  topK: u32,
  outIndices: usize,
  outValues: usize,
): u32 {
  if (additive) {
    divideAdditive(sums, touched, count, overlap, rowNorm + shrinkage, colNorm);
    // What is left to do is to divide by 1.
    rowNorm = 0;
    shrinkage = 1;
  }
  count = normalise(sums, touched, count, keys, rowNorm, colNorm, shrinkage);
  let least: u32 = 0;
  let ties: u32 = 0xffffffff;
  if (count > topK) {
    const selected = selectKey(keys, count, topK, histogram);
    least = <u32> selected;
    ties = <u32> (selected >> 32);
  }
  return ascending
    ? emit(sums, touched, count, least, ties, outIndices, outValues)
    : emitSorted(
      sums,
      touched,
      count,
      bits,
      bitBytes,
      least,
      ties,
      outIndices,
      outValues,
    );
}

/** Divides each sum s by `overlap · s + constant + b`. */
export function divideAdditive(
  sums: usize,
  touched: usize,
  count: u32,
  overlap: f32,
  constant: f32,
  colNorm: usize,
): void {
  for (let t: u32 = 0; t < count; t++) {
    const offset = (load<u32>(touched + (t << 2))) << 2;
    const sum = load<f32>(sums + offset);
    store<f32>(
      sums + offset,
      sum / (overlap * sum + (constant + load<f32>(colNorm + offset))),
    );
  }
}

/** Divides the sums; entries that are not numbers are dropped. Returns how many are left. */
export function normalise(
  sums: usize,
  touched: usize,
  count: u32,
  keys: usize,
  rowNorm: f32,
  colNorm: usize,
  shrinkage: f32,
): u32 {
  let left: u32 = 0;
  for (let t: u32 = 0; t < count; t++) {
    const column = load<u32>(touched + (t << 2));
    const offset = column << 2;
    const value = load<f32>(sums + offset) /
        (rowNorm * load<f32>(colNorm + offset) + shrinkage) + <f32> 0;
    if (value == value) {
      store<f32>(sums + offset, value);
      store<u32>(touched + (left << 2), column);
      store<u32>(keys + (left << 2), orderedKey(value));
      left++;
    } else {
      store<u32>(sums + offset, UNTOUCHED);
    }
  }
  return left;
}

/** Writes the entries whose key is above `least`, and the first `ties` of those whose key equals it. */
export function emit(
  sums: usize,
  touched: usize,
  count: u32,
  least: u32,
  ties: u32,
  outIndices: usize,
  outValues: usize,
): u32 {
  let kept: usize = 0;
  for (let t: u32 = 0; t < count; t++) {
    const column = load<u32>(touched + (t << 2));
    const at = sums + (column << 2);
    const value = load<f32>(at);
    store<u32>(at, UNTOUCHED);
    const key = orderedKey(value);
    if (key < least) continue;
    if (key == least) {
      if (ties == 0) continue;
      ties--;
    }
    store<u32>(outIndices + (kept << 2), column);
    store<f32>(outValues + (kept << 2), value);
    kept++;
  }
  return <u32> kept;
}

/** As `emit`, for columns in any order: they are sorted by setting a bit for each. */
export function emitSorted(
  sums: usize,
  touched: usize,
  count: u32,
  bits: usize,
  bitBytes: usize,
  least: u32,
  ties: u32,
  outIndices: usize,
  outValues: usize,
): u32 {
  for (let t: u32 = 0; t < count; t++) {
    const column = load<u32>(touched + (t << 2));
    const at = sums + (column << 2);
    if (orderedKey(load<f32>(at)) < least) {
      store<u32>(at, UNTOUCHED);
    } else {
      const word = bits + ((column >> 6) << 3);
      store<u64>(word, load<u64>(word) | (<u64> 1 << (column & 63)));
    }
  }
  let kept: usize = 0;
  for (let w: usize = 0; w < bitBytes; w += 8) {
    let word = load<u64>(bits + w);
    if (word == 0) continue;
    store<u64>(bits + w, 0);
    for (; word != 0; word &= word - 1) {
      const column = (w << 3) + <u32> ctz(word);
      const at = sums + (column << 2);
      const value = load<f32>(at);
      store<u32>(at, UNTOUCHED);
      if (orderedKey(value) == least) {
        if (ties == 0) continue;
        ties--;
      }
      store<u32>(outIndices + (kept << 2), <u32> column);
      store<f32>(outValues + (kept << 2), value);
      kept++;
    }
  }
  return <u32> kept;
}
