import type { Cleansing } from "../../core/recipe/recipe.ts";
import { buildMatrix } from "./_build_matrix.ts";
import { estimateDistinctShare } from "./_estimate_distinct_share.ts";
import type { Interactions } from "./interactions.ts";
import { CHUNK_ROWS, emptyChunk, type RowChunk } from "./_row_chunk.ts";

/** So many rows are held before it is worth looking for repeats among them. */
const FIRST_PASS_ROWS = 4 * CHUNK_ROWS;

/**
 * Rows of (user, item, time) in source order, of which pairs are made at the end by sorting: looking each row up in a
 * table of all pairs would wait for memory every time. When rows have doubled and a sample says that half of them or
 * more are repeats, they are merged before the end, so that memory is bounded by the distinct pairs: two to four rows
 * for each, of 16 bytes, or 8 without times. `dedup: none` keeps all rows that have times.
 */
export class PairRows {
  readonly #dedup: Cleansing["dedup"];
  readonly #timed: boolean;
  #chunks: RowChunk[] = [];
  /** The chunk that is being filled; not among the others yet. */
  #last: RowChunk;
  #nextPass = FIRST_PASS_ROWS;

  /** No rows; `timed` says whether they will have times. */
  constructor(dedup: Cleansing["dedup"], timed: boolean) {
    this.#dedup = dedup;
    this.#timed = timed;
    this.#last = emptyChunk(timed);
  }

  /** Adds one row; without times, `time` is ignored. */
  add(user: number, item: number, time: number): void {
    if (this.#last.size === CHUNK_ROWS) this.#startChunk();
    const { users, items, times } = this.#last;
    const at = this.#last.size++;
    users[at] = user;
    items[at] = item;
    if (times !== null) times[at] = time;
  }

  /** The matrix of all rows, which are given up; ranks as in {@linkcode buildMatrix}. */
  build(
    userRank: Uint32Array,
    itemRank: Uint32Array,
  ): Pick<Interactions, "matrix" | "times" | "repeats"> {
    const chunks = [...this.#chunks, this.#last];
    this.#chunks = [];
    this.#last = emptyChunk(this.#timed);
    return buildMatrix(chunks, this.#dedup, userRank, itemRank);
  }

  #startChunk(): void {
    this.#chunks.push(this.#last);
    if (rowsOf(this.#chunks) >= this.#nextPass) {
      const keepsAll = this.#dedup === "none" && this.#timed;
      if (!keepsAll && estimateDistinctShare(this.#chunks) <= 0.5) {
        this.#merge();
      }
      this.#nextPass = Math.max(FIRST_PASS_ROWS, 2 * rowsOf(this.#chunks));
    }
    this.#last = emptyChunk(this.#timed);
  }

  #merge(): void {
    const chunks = this.#chunks;
    this.#chunks = [];
    const users = identity(chunks.map((chunk) => chunk.users));
    const items = identity(chunks.map((chunk) => chunk.items));
    const { matrix, times } = buildMatrix(chunks, this.#dedup, users, items);
    const { indptr, indices, values } = matrix;
    const expanded = new Uint32Array(indices.length);
    for (let user = 0; user < matrix.rows; user++) {
      expanded.fill(user, indptr[user], indptr[user + 1]);
    }
    this.#chunks.push({
      size: indices.length,
      users: expanded,
      items: indices,
      times,
      counts: this.#dedup === "none" ? values : null,
    });
  }
}

function rowsOf(chunks: readonly RowChunk[]): number {
  return chunks.reduce((sum, { size }) => sum + size, 0);
}

/** 0, 1, … up to the largest of the numbers. */
function identity(numbers: readonly Uint32Array[]): Uint32Array {
  let length = 0;
  for (const part of numbers) {
    for (const number of part) if (number >= length) length = number + 1;
  }
  return Uint32Array.from({ length }, (_, i) => i);
}
