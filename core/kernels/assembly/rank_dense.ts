// As rankFactors, for scores that are sparse rows times a dense matrix.
import { sumRows } from "./dense_rows";
import { isCancelled, take } from "./job";
import { finishRanks, offerBlock, startRanks } from "./rank";

/** Columns of the weights that are copied together at a time. */
const ITEMS: u32 = 64;

/**
 * Ranks by histories · weights with dense weights, `rows × columns`; `block` users at a time. `scratch` of a worker: a
 * stripe of the weights (`64 · rows` floats), the users' scores for it (`64 · block` floats), and for each user the size
 * of the heap and the position in `seen` (`2 · block` words). Rows of the weights are far apart, in a stripe they are
 * not: the more users share one, the better.
 */
export function rankDense(
  job: usize,
  scratch: usize,
  block: u32,
  userCount: u32,
  users: usize,
  indptr: usize,
  indices: usize,
  values: usize,
  weights: usize,
  rows: u32,
  columns: u32,
  seenIndptr: usize,
  seenIndices: usize,
  k: u32,
  outIndices: usize,
  outScores: usize,
  outCounts: usize,
  nans: usize,
): void {
  const scores = scratch + ((ITEMS * rows) << 2);
  const state = scores + ((ITEMS * block) << 2);
  for (;;) {
    const begin = take(job, block);
    if (begin >= userCount || isCancelled(job)) return;
    const count = min(block, userCount - begin);
    startRanks(users, begin, count, seenIndptr, state);
    for (let item: u32 = 0; item < columns; item += ITEMS) {
      if (isCancelled(job)) return;
      const width = min(ITEMS, columns - item);
      copyStripe(weights + (item << 2), rows, columns << 2, width, scratch);
      for (let u: u32 = 0; u < count; u++) {
        const user = load<u32>(users + ((begin + u) << 2));
        const at = indptr + (user << 2);
        const first = load<u32>(at);
        sumRows(
          indices + (first << 2),
          values + (first << 2),
          load<u32>(at, 4) - first,
          scratch,
          ITEMS << 2,
          width,
          scores + ((u * ITEMS) << 2),
        );
      }
      offerBlock(
        scores,
        ITEMS << 2,
        item,
        width,
        users,
        begin,
        count,
        seenIndptr,
        seenIndices,
        state,
        k,
        outIndices,
        outScores,
        nans,
      );
    }
    finishRanks(begin, count, state, k, outIndices, outScores, outCounts);
  }
}

/** Copies `width` columns of a matrix to rows of 64 floats. */
export function copyStripe(
  from: usize,
  rows: u32,
  stride: usize,
  width: u32,
  to: usize,
): void {
  for (let row: u32 = 0; row < rows; row++) {
    memory.copy(to, from, width << 2);
    from += stride;
    to += ITEMS << 2;
  }
}
