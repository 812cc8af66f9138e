import type { Cleansing } from "../../core/recipe/recipe.ts";
import type { Interactions, Repeats } from "./interactions.ts";
import type { RowChunk } from "./_row_chunk.ts";

/** From here on a 32-bit float no longer grows by one. */
const MAX_COUNT = 2 ** 24;

/** Rows in the order of their items, and in source order where these are equal. */
interface RowsByItem {
  /** Where each item's rows start, and the end. */
  readonly starts: Uint32Array;
  /** Row of the matrix. */
  readonly users: Uint32Array;
  readonly times: Float64Array | null;
  readonly counts: Float32Array | null;
  /** Place in the source; null where repeats are not kept. */
  readonly places: Uint32Array | null;
}

/**
 * Sorts rows into a users × items matrix and resolves the repeats of a pair in source order; `userRank` and `itemRank`
 * give the row and the column of each user and item. `chunks` is emptied on the way, so that its memory can be used.
 *
 * Two counting sorts, by item and then stably by user: O(rows + users + items), with memory for the rows twice.
 */
export function buildMatrix(
  chunks: RowChunk[],
  dedup: Cleansing["dedup"],
  userRank: Uint32Array,
  itemRank: Uint32Array,
): Pick<Interactions, "matrix" | "times" | "repeats"> {
  const rows = sortByItem(chunks, dedup === "none", userRank, itemRank);
  const indptr = countPairs(rows, userRank.length);
  const size = indptr[userRank.length]!;
  const next = indptr.slice();
  const indices = new Uint32Array(size);
  const values = new Float32Array(size).fill(1);
  const times = rows.times === null ? null : new Float64Array(size);
  const repeats = rows.places === null || size === rows.users.length
    ? null
    : new RepeatList(rows.users.length, size);
  for (let item = 0; item < itemRank.length; item++) {
    const end = rows.starts[item + 1]!;
    for (let i = rows.starts[item]!; i < end; i++) {
      const user = rows.users[i]!;
      const at = next[user]!;
      const count = rows.counts === null ? 1 : rows.counts[i]!;
      if (at === 0 || indices[at - 1] !== item || at === indptr[user]) {
        next[user] = at + 1;
        indices[at] = item;
        if (count !== 1) values[at] = count;
        if (times !== null) times[at] = rows.times![i]!;
        continue;
      }
      const pair = at - 1;
      if (dedup === "none") {
        values[pair] = Math.min(MAX_COUNT, values[pair]! + count);
      }
      if (times === null || dedup === "keep_first") continue;
      const time = rows.times![i]!;
      if (dedup === "keep_last") {
        times[pair] = time;
      } else {
        repeats!.add(rows.places![i]!, pair, Math.max(times[pair]!, time));
        times[pair] = Math.min(times[pair]!, time);
      }
    }
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
    repeats: repeats === null ? null : repeats.inSourceOrder(),
  };
}

function sortByItem(
  chunks: RowChunk[],
  keepsRepeats: boolean,
  userRank: Uint32Array,
  itemRank: Uint32Array,
): RowsByItem {
  const starts = new Uint32Array(itemRank.length + 1);
  let rows = 0;
  for (const { items, size } of chunks) {
    for (let i = 0; i < size; i++) starts[itemRank[items[i]!]! + 1]!++;
    rows += size;
  }
  sumUp(starts);
  const timed = chunks.some((chunk) => chunk.times !== null);
  const counted = chunks.some((chunk) => chunk.counts !== null);
  const sorted: RowsByItem = {
    starts,
    users: new Uint32Array(rows),
    times: timed ? new Float64Array(rows) : null,
    counts: counted ? new Float32Array(rows).fill(1) : null,
    places: timed && keepsRepeats ? new Uint32Array(rows) : null,
  };
  const next = starts.slice();
  let place = 0;
  for (let chunk; (chunk = chunks.shift()) !== undefined;) {
    const { users, items, times, counts, size } = chunk;
    for (let i = 0; i < size; i++, place++) {
      const at = next[itemRank[items[i]!]!]!++;
      sorted.users[at] = userRank[users[i]!]!;
      if (times !== null) sorted.times![at] = times[i]!;
      if (counts !== null) sorted.counts![at] = counts[i]!;
      if (sorted.places !== null) sorted.places[at] = place;
    }
  }
  return sorted;
}

/** Where each user's distinct pairs start, and the end. */
function countPairs({ starts, users }: RowsByItem, size: number): Uint32Array {
  const indptr = new Uint32Array(size + 1);
  /** For each user the item met last, + 1. */
  const last = new Uint32Array(size);
  for (let item = 1; item < starts.length; item++) {
    const end = starts[item]!;
    for (let i = starts[item - 1]!; i < end; i++) {
      const user = users[i]!;
      if (last[user] === item) continue;
      last[user] = item;
      indptr[user + 1]!++;
    }
  }
  sumUp(indptr);
  return indptr;
}

/** Turns the number of each key, one entry later, into where it starts. */
function sumUp(counts: Uint32Array): void {
  for (let i = 1; i < counts.length; i++) counts[i]! += counts[i - 1]!;
}

/** Rows beside the first of their pair, by their place in the source. */
class RepeatList {
  readonly #count: number;
  /** The pair + 1 at each place; 0 where there is no repeat. */
  readonly #pairs: Uint32Array;
  readonly #times: Float64Array;

  constructor(rows: number, pairs: number) {
    this.#count = rows - pairs;
    this.#pairs = new Uint32Array(rows);
    this.#times = new Float64Array(rows);
  }

  add(place: number, pair: number, time: number): void {
    this.#pairs[place] = pair + 1;
    this.#times[place] = time;
  }

  inSourceOrder(): Repeats {
    const positions = new Uint32Array(this.#count);
    const times = new Float64Array(this.#count);
    let n = 0;
    for (const [place, pair] of this.#pairs.entries()) {
      if (pair === 0) continue;
      positions[n] = pair - 1;
      times[n++] = this.#times[place]!;
    }
    return { positions, times };
  }
}
