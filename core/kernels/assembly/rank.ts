// Scores of many users, and the best k of each. The heap of a user is the user's row of the result.
import { MR, NR, packRows, tile } from "./gemm";
import { isCancelled, take } from "./job";
import { addRow } from "./sparse";
import { LEFT_OUT, offer, sortHeap } from "./top_k";

/** Users whose scores are summed at a time. */
const CHUNK: u32 = 8;
/** Most users per block of a dense product. */
const USERS: u32 = 48;
/** Items per block of a dense product; a multiple of 16. */
const ITEMS: u32 = 256;
const PANELS: u32 = 16;

/** Packs rows of item factors in panels of 8. */
export function packItems(
  job: usize,
  _scratch: usize,
  items: usize,
  itemCount: u32,
  factors: u32,
  to: usize,
): void {
  const bytes = factors << 2;
  const panels = (itemCount + NR - 1) / NR;
  for (;;) {
    const begin = take(job, PANELS);
    if (begin >= panels || isCancelled(job)) return;
    const end = min(begin + PANELS, panels);
    for (let panel = begin; panel < end; panel++) {
      const item = panel * NR;
      packRows(
        items + item * bytes,
        bytes,
        factors,
        min(NR, itemCount - item),
        NR,
        to + item * bytes,
      );
    }
  }
}

/**
 * Ranks by factors. `scratch` of a worker: packed users (`48 · factors` floats), their scores for one block of items
 * (`48 · 256` floats), and for each user the size of the heap and the position in `seen` (`2 · 48` words).
 */
export function rankFactors(
  job: usize,
  scratch: usize,
  userCount: u32,
  users: usize,
  userFactors: usize,
  factors: u32,
  items: usize,
  itemCount: u32,
  seenIndptr: usize,
  seenIndices: usize,
  k: u32,
  outIndices: usize,
  outScores: usize,
  outCounts: usize,
  nans: usize,
): void {
  const bytes = factors << 2;
  const packed = scratch;
  const scores = packed + USERS * bytes;
  const state = scores + ((USERS * ITEMS) << 2);
  // The packed users and a panel of items share the first-level cache.
  const block = factors <= 128 ? USERS : USERS / 2;
  for (;;) {
    const begin = take(job, block);
    if (begin >= userCount || isCancelled(job)) return;
    const count = min(block, userCount - begin);
    for (let u: u32 = 0; u < count; u++) {
      const user = load<u32>(users + ((begin + u) << 2));
      packUser(packed, u, userFactors + user * bytes, factors);
    }
    startRanks(users, begin, count, seenIndptr, state);
    for (let item: u32 = 0; item < itemCount; item += ITEMS) {
      if (isCancelled(job)) return;
      const width = min(ITEMS, itemCount - item);
      for (let j: u32 = 0; j < width; j += NR) {
        for (let u: u32 = 0; u < count; u += MR) {
          tile(
            packed + u * bytes,
            items + (item + j) * bytes,
            factors,
            scores + ((u * ITEMS + j) << 2),
            ITEMS << 2,
            false,
          );
        }
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

/** Empties the heaps of a block of users. `state`: for each the heap's size and the position in `seen`. */
export function startRanks(
  users: usize,
  begin: u32,
  count: u32,
  seenIndptr: usize,
  state: usize,
): void {
  for (let u: u32 = 0; u < count; u++) {
    const user = load<u32>(users + ((begin + u) << 2));
    const at = state + (u << 3);
    store<u32>(at, 0);
    store<u32>(at, load<u32>(seenIndptr + (user << 2)), 4);
  }
}

/** Offers a block of scores, `stride` bytes a user, of the `width` items from `item` on. */
export function offerBlock(
  scores: usize,
  stride: usize,
  item: u32,
  width: u32,
  users: usize,
  begin: u32,
  count: u32,
  seenIndptr: usize,
  seenIndices: usize,
  state: usize,
  k: u32,
  outIndices: usize,
  outScores: usize,
  nans: usize,
): void {
  for (let u: u32 = 0; u < count; u++) {
    const row = scores + u * stride;
    const user = load<u32>(users + ((begin + u) << 2));
    const size = state + (u << 3);
    store<u32>(
      size,
      leaveOut(
        row,
        item,
        width,
        seenIndices,
        load<u32>(size, 4),
        load<u32>(seenIndptr + (user << 2) + 4),
      ),
      4,
    );
    const out = ((begin + u) * k) << 2;
    store<u32>(
      size,
      offer(
        row,
        (width + 15) & ~15,
        item,
        outScores + out,
        outIndices + out,
        k,
        load<u32>(size),
        nans + ((begin + u) << 2),
        -Infinity,
        false,
      ),
    );
  }
}

/** Sorts the lists of a block of users. */
export function finishRanks(
  begin: u32,
  count: u32,
  state: usize,
  k: u32,
  outIndices: usize,
  outScores: usize,
  outCounts: usize,
): void {
  for (let u: u32 = 0; u < count; u++) {
    const out = ((begin + u) * k) << 2;
    const size = load<u32>(state + (u << 3));
    sortHeap(outScores + out, outIndices + out, size);
    store<u32>(outCounts + ((begin + u) << 2), size);
  }
}

/** Writes a user's factors as row `u` of panels of 6. */
export function packUser(
  packed: usize,
  u: u32,
  from: usize,
  factors: u32,
): void {
  let to = packed + (((u / MR * MR) * factors) << 2) +
    ((u % MR) << 2);
  for (let k: u32 = 0; k < factors; k++, from += 4, to += 24) {
    store<f32>(to, load<f32>(from));
  }
}

/** Leaves out the seen items of a block, and what follows its last item up to a multiple of 16. */
export function leaveOut(
  row: usize,
  first: u32,
  width: u32,
  seen: usize,
  cursor: u32,
  end: u32,
): u32 {
  for (; cursor < end; cursor++) {
    const column = load<u32>(seen + (cursor << 2)) - first;
    if (column >= width) break;
    store<u32>(row + (column << 2), LEFT_OUT);
  }
  for (let j = width; j & 15; j++) {
    store<u32>(row + (j << 2), LEFT_OUT);
  }
  return cursor;
}

/** Ranks by histories · weights. `scratch` of a worker: `up(cols, 16)` floats. */
export function rankSparse(
  job: usize,
  scratch: usize,
  userCount: u32,
  users: usize,
  historyIndptr: usize,
  historyIndices: usize,
  historyValues: usize,
  weightIndptr: usize,
  weightIndices: usize,
  weightValues: usize,
  cols: u32,
  seenIndptr: usize,
  seenIndices: usize,
  k: u32,
  outIndices: usize,
  outScores: usize,
  outCounts: usize,
  nans: usize,
): void {
  const padded = (cols + 15) & ~15;
  for (;;) {
    const begin = take(job, CHUNK);
    if (begin >= userCount) return;
    const end = min(begin + CHUNK, userCount);
    for (let u = begin; u < end; u++) {
      if (isCancelled(job)) return;
      const user = (load<u32>(users + (u << 2))) << 2;
      memory.fill(scratch, 0, padded << 2);
      const last = load<u32>(historyIndptr + user + 4);
      for (let p = load<u32>(historyIndptr + user); p < last; p++) {
        const item = (load<u32>(historyIndices + (p << 2))) << 2;
        const start = load<u32>(weightIndptr + item);
        addRow(
          weightIndices + (start << 2),
          weightValues + (start << 2),
          load<u32>(weightIndptr + item + 4) - start,
          load<f32>(historyValues + (p << 2)),
          scratch,
        );
      }
      leaveOut(
        scratch,
        0,
        cols,
        seenIndices,
        load<u32>(seenIndptr + user),
        load<u32>(seenIndptr + user + 4),
      );
      const out = (u * k) << 2;
      const size = offer(
        scratch,
        padded,
        0,
        outScores + out,
        outIndices + out,
        k,
        0,
        nans + (u << 2),
        -Infinity,
        false,
      );
      sortHeap(outScores + out, outIndices + out, size);
      store<u32>(outCounts + (u << 2), size);
    }
  }
}
