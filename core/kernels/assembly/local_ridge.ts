// Ridge regressions of each column on those most similar to it, each from the Gram matrix of these few alone. No more of
// the Gram matrix is ever held: its row of the target, and the entries between the columns that were chosen, which come
// from the users who have them.
import { factorise, substitute } from "./ials_block";
import { fail, isCancelled, take } from "./job";
import { orderedKey, selectKey } from "./select";
import { addTouched, findTouched, UNTOUCHED } from "./similarity";

/** Targets taken at a time: few, because the work for one varies by orders of magnitude. */
const CHUNK: u32 = 4;
/** Bytes of an entry of a chosen column: the column's number and the value. */
const ENTRY: usize = 8;
/** A pivot smaller than this share of its diagonal entry has lost all but four bits; as in `reference/local_ridge.ts`. */
const LEAST_PIVOT: f32 = 0.00000095367431640625;

/**
 * Targets from `begin` to `end`; the weights of target j are written at `(j - begin) · most`, columns ascending.
 * `norms` are the roots of the columns' squares, `diagonal` their squares with the ridge.
 * `scratch` of a worker, in words, with N = up(items, 4) and S = up(most + 1, 8): sums, touched columns and keys
 * (`N` each), a histogram (256), linear terms and solution (`S` each), the system (`(most + 1) · S`), positions and users
 * (`users` and `users + 1`), and two for each of the entries that `most` columns can have.
 */
export function localRidge(
  job: usize,
  scratch: usize,
  begin: u32,
  end: u32,
  users: u32,
  items: u32,
  byItem: usize,
  byItemIndices: usize,
  byItemValues: usize,
  byUser: usize,
  byUserIndices: usize,
  byUserValues: usize,
  norms: usize,
  diagonal: usize,
  most: u32,
  outIndices: usize,
  outValues: usize,
  outCounts: usize,
): void {
  const padded = (items + 3) & ~3;
  const sums = scratch;
  const touched = sums + (padded << 2);
  const keys = touched + (padded << 2);
  const histogram = keys + (padded << 2);
  const linear = histogram + 1024;
  const widest = ((most + 8) & ~7) << 2;
  const solution = linear + widest;
  const system = solution + widest;
  const positions = system + (most + 1) * widest;
  const present = positions + (users << 2);
  const entries = present + ((users + 1) << 2);
  for (let j: u32 = 0; j < padded; j++) store<u32>(sums + (j << 2), UNTOUCHED);
  memory.fill(positions, 0, users << 2);
  for (;;) {
    const from = begin + take(job, CHUNK);
    if (from >= end) return;
    const to = min(from + CHUNK, end);
    for (let target = from; target < to; target++) {
      if (isCancelled(job)) return;
      const begun = load<u32>(byItem + (target << 2));
      const last = load<u32>(byItem + (target << 2), 4);
      if (begun == last) {
        store<u32>(outCounts + ((target - begin) << 2), 0);
        continue;
      }
      for (let p = begun; p < last; p++) {
        const user = load<u32>(byItemIndices + (p << 2));
        const start = load<u32>(byUser + (user << 2));
        addTouched(
          byUserIndices + (start << 2),
          byUserValues + (start << 2),
          load<u32>(byUser + (user << 2), 4) - start,
          load<f32>(byItemValues + (p << 2)),
          sums,
        );
      }
      const count = nearest(
        sums,
        padded,
        target,
        norms,
        most,
        touched,
        keys,
        histogram,
        linear,
      );
      const stride = ((count + 8) & ~7) << 2;
      memory.fill(system, 0, (count + 1) * stride);
      addCommon(
        touched,
        count,
        byItem,
        byItemIndices,
        byItemValues,
        positions,
        present,
        entries,
        system,
        stride,
      );
      for (let n: u32 = 0; n < count; n++) {
        const item: usize = load<u32>(touched + (n << 2));
        const row = system + n * stride;
        store<f32>(row + (n << 2), load<f32>(diagonal + (item << 2)));
        store<f32>(row + (count << 2), load<f32>(linear + (n << 2)));
      }
      factorise(system, stride, count);
      const bad = smallPivot(system, stride, count, touched, diagonal);
      if (bad < count) {
        fail(job, target, load<f32>(system + bad * stride + (bad << 2)));
        return;
      }
      substitute(system, stride, count, solution);
      const out = (target - begin) * most;
      store<u32>(
        outCounts + ((target - begin) << 2),
        emitSolution(
          touched,
          solution,
          count,
          outIndices + (out << 2),
          outValues + (out << 2),
        ),
      );
    }
  }
}

/**
 * Lists the `most` columns whose cosine with the target is largest by magnitude, ascending, ties by lower column, and
 * their sums in `linear`. Makes all sums untouched again.
 */
export function nearest(
  sums: usize,
  padded: u32,
  target: u32,
  norms: usize,
  most: u32,
  list: usize,
  keys: usize,
  histogram: usize,
  linear: usize,
): u32 {
  const touched = findTouched(sums, padded, list);
  let count: u32 = 0;
  for (let t: u32 = 0; t < touched; t++) {
    const column = load<u32>(list + (t << 2));
    const at: usize = column << 2;
    const sum = load<f32>(sums + at);
    if (column == target || sum == 0) {
      store<u32>(sums + at, UNTOUCHED);
      continue;
    }
    store<u32>(list + (count << 2), column);
    store<u32>(
      keys + (count << 2),
      orderedKey(abs(sum) / load<f32>(norms + at)),
    );
    count++;
  }
  let least: u32 = 0;
  let ties: u32 = 0xffffffff;
  if (count > most) {
    const selected = selectKey(keys, count, most, histogram);
    least = <u32> selected;
    ties = <u32> (selected >> 32);
  }
  let kept: u32 = 0;
  for (let t: u32 = 0; t < count; t++) {
    const column = load<u32>(list + (t << 2));
    const at: usize = column << 2;
    const sum = load<f32>(sums + at);
    store<u32>(sums + at, UNTOUCHED);
    const key = orderedKey(abs(sum) / load<f32>(norms + at));
    if (key < least) continue;
    if (key == least) {
      if (ties == 0) continue;
      ties--;
    }
    store<u32>(list + (kept << 2), column);
    store<f32>(linear + (kept << 2), sum);
    kept++;
  }
  return kept;
}

/**
 * Adds the products between the listed columns to the system, above its diagonal: their entries are put together by
 * user, and those of a user multiplied with each other. `positions` are 0, and 0 again afterwards.
 */
export function addCommon(
  list: usize,
  count: u32,
  indptr: usize,
  indices: usize,
  values: usize,
  positions: usize,
  present: usize,
  entries: usize,
  system: usize,
  stride: usize,
): void {
  let users: u32 = 0;
  for (let n: u32 = 0; n < count; n++) {
    const item: usize = load<u32>(list + (n << 2));
    const last = load<u32>(indptr + (item << 2), 4);
    for (let p = load<u32>(indptr + (item << 2)); p < last; p++) {
      const user = load<u32>(indices + (p << 2));
      const at = positions + (user << 2);
      const own = load<u32>(at);
      // Written always, kept only if new: cheaper than a branch that cannot be foreseen.
      store<u32>(present + (users << 2), user);
      users += <u32> (own == 0);
      store<u32>(at, own + 1);
    }
  }
  let start = entries;
  for (let t: u32 = 0; t < users; t++) {
    const at = positions + (load<u32>(present + (t << 2)) << 2);
    const own = load<u32>(at);
    store<u32>(at, start);
    start += own * ENTRY;
  }
  for (let n: u32 = 0; n < count; n++) {
    const item: usize = load<u32>(list + (n << 2));
    const last = load<u32>(indptr + (item << 2), 4);
    for (let p = load<u32>(indptr + (item << 2)); p < last; p++) {
      const at = positions + (load<u32>(indices + (p << 2)) << 2);
      const entry = load<u32>(at);
      store<u32>(entry, n);
      store<f32>(entry, load<f32>(values + (p << 2)), 4);
      store<u32>(at, entry + ENTRY);
    }
  }
  // Each position is now where the entries of the user end, and those of the next begin.
  let from = entries;
  for (let t: u32 = 0; t < users; t++) {
    const at = positions + (load<u32>(present + (t << 2)) << 2);
    const to: usize = load<u32>(at);
    store<u32>(at, 0);
    addPairs(from, to, system, stride);
    from = to;
  }
}

/** Adds the products of all pairs of entries, the earlier one's column being the row. */
export function addPairs(
  from: usize,
  to: usize,
  system: usize,
  stride: usize,
): void {
  for (; from < to; from += ENTRY) {
    const row = system + load<u32>(from) * stride;
    const value = load<f32>(from, 4);
    for (let other = from + ENTRY; other < to; other += ENTRY) {
      const at = row + (load<u32>(other) << 2);
      store<f32>(at, load<f32>(at) + value * load<f32>(other, 4));
    }
  }
}

/** The first row whose pivot is lost in rounding, with the pivot in place of its root; `count` when there is none. */
export function smallPivot(
  system: usize,
  stride: usize,
  count: u32,
  list: usize,
  diagonal: usize,
): u32 {
  for (let n: u32 = 0; n < count; n++) {
    const at = system + n * stride + (n << 2);
    const root = load<f32>(at);
    const pivot = root * root;
    const item: usize = load<u32>(list + (n << 2));
    const least = load<f32>(diagonal + (item << 2)) * LEAST_PIVOT;
    if (root > 0 && pivot > least && pivot < Infinity) continue;
    if (root > 0) store<f32>(at, pivot);
    return n;
  }
  return count;
}

/** Writes the weights that are not 0. */
export function emitSolution(
  list: usize,
  solution: usize,
  count: u32,
  outIndices: usize,
  outValues: usize,
): u32 {
  let kept: u32 = 0;
  for (let n: u32 = 0; n < count; n++) {
    const weight = load<f32>(solution + (n << 2));
    if (weight == 0) continue;
    store<u32>(outIndices + (kept << 2), load<u32>(list + (n << 2)));
    store<f32>(outValues + (kept << 2), weight);
    kept++;
  }
  return kept;
}
