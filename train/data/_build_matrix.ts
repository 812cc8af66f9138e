import type { PairTable } from "./_pair_table.ts";
import type { Interactions } from "./interactions.ts";

/**
 * Sorts pairs into a users × items matrix; `userRank` and `itemRank` give the row and the column of each user and item.
 *
 * Two counting sorts, by item and then stably by user: O(pairs + users + items).
 */
export function buildMatrix(
  pairs: PairTable,
  userRank: Uint32Array,
  itemRank: Uint32Array,
): Pick<Interactions, "matrix" | "times" | "repeats"> {
  const { size, counts } = pairs;
  const byItem = new Uint32Array(size);
  const nextOfItem = starts(pairs.items, size, itemRank);
  for (let pair = 0; pair < size; pair++) {
    byItem[nextOfItem[itemRank[pairs.items[pair]!]!]!++] = pair;
  }
  const indptr = starts(pairs.users, size, userRank);
  const next = indptr.slice();
  const indices = new Uint32Array(size);
  const values = new Float32Array(size);
  const times = pairs.times === null ? null : new Float64Array(size);
  const positions = new Uint32Array(pairs.repeatCount === 0 ? 0 : size);
  for (const pair of byItem) {
    const at = next[userRank[pairs.users[pair]!]!]!++;
    indices[at] = itemRank[pairs.items[pair]!]!;
    values[at] = counts[pair]!;
    if (times !== null) times[at] = pairs.times![pair]!;
    if (positions.length > 0) positions[pair] = at;
  }
  return {
    matrix: {
      rows: userRank.length,
      cols: itemRank.length,
      indptr,
      indices,
      values,
    },
    times,
    repeats: positions.length === 0 ? null : {
      positions: pairs.repeated.subarray(0, pairs.repeatCount)
        .map((pair) => positions[pair]!),
      times: pairs.repeatTimes.slice(0, pairs.repeatCount),
    },
  };
}

/** Where each rank's pairs start when they are sorted by it; one entry more for the end. */
function starts(
  keys: Uint32Array,
  size: number,
  rank: Uint32Array,
): Uint32Array {
  const result = new Uint32Array(rank.length + 1);
  for (let i = 0; i < size; i++) result[rank[keys[i]!]! + 1]!++;
  for (let i = 0; i < rank.length; i++) result[i + 1]! += result[i]!;
  return result;
}
