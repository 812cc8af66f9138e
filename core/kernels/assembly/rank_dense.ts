// Ranks by sparse histories times dense weights.
import { sumRows } from "./dense_rows";
import { isCancelled, take } from "./job";
import { keepRow } from "./rank";

/** Users per block of the product. */
export const DENSE_USERS: u32 = 32;
/** Columns per block: so much of the rows that the histories of the users share stays in the second-level cache. */
const COLUMNS: u32 = 256;

/** `scratch` of a worker: `32 · up(cols, 16)` floats. */
export function rankDense(
  job: usize,
  scratch: usize,
  userCount: u32,
  users: usize,
  historyIndptr: usize,
  historyIndices: usize,
  historyValues: usize,
  weights: usize,
  cols: u32,
  seenIndptr: usize,
  seenIndices: usize,
  k: u32,
  outIndices: usize,
  outScores: usize,
  outCounts: usize,
  nans: usize,
): void {
  const stride = cols << 2;
  const padded = ((cols + 15) & ~15) << 2;
  for (;;) {
    const begin = take(job, DENSE_USERS);
    if (begin >= userCount || isCancelled(job)) return;
    const count = min(DENSE_USERS, userCount - begin);
    for (let column: u32 = 0; column < cols; column += COLUMNS) {
      if (isCancelled(job)) return;
      const width = min(COLUMNS, cols - column);
      for (let u: u32 = 0; u < count; u++) {
        const user = (load<u32>(users + ((begin + u) << 2))) << 2;
        const start = load<u32>(historyIndptr + user);
        sumRows(
          historyIndices + (start << 2),
          historyValues + (start << 2),
          load<u32>(historyIndptr + user + 4) - start,
          weights + (column << 2),
          stride,
          width,
          scratch + u * padded + (column << 2),
        );
      }
    }
    for (let u: u32 = 0; u < count; u++) {
      keepRow(
        begin + u,
        load<u32>(users + ((begin + u) << 2)),
        scratch + u * padded,
        cols,
        seenIndptr,
        seenIndices,
        k,
        outIndices,
        outScores,
        outCounts,
        nans,
      );
    }
  }
}
