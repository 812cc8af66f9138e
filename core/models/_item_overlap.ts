import type { SeenMatrix } from "./seen_matrix.ts";

/** How alike items are by who has them: the cosine of their columns, taken as sets. */
export class ItemOverlap {
  readonly #indptr: Uint32Array;
  readonly #users: Uint32Array;
  readonly #marks: Uint8Array;

  /** Transposes the pattern. Linear in its entries. */
  constructor({ rows, cols, indptr, indices }: SeenMatrix) {
    const starts = new Uint32Array(cols + 1);
    for (const item of indices) starts[item + 1]! += 1;
    for (let item = 0; item < cols; item++) starts[item + 1]! += starts[item]!;
    const users = new Uint32Array(indices.length);
    const next = starts.slice();
    for (let user = 0; user < rows; user++) {
      for (let at = indptr[user]!; at < indptr[user + 1]!; at++) {
        users[next[indices[at]!]!++] = user;
      }
    }
    this.#indptr = starts;
    this.#users = users;
    this.#marks = new Uint8Array(rows);
  }

  /** The likeness of `item` to each of `others`, 0 to 1. Linear in the users that they have. */
  with(item: number, others: Uint32Array): Float32Array {
    const own = this.#usersOf(item);
    for (const user of own) this.#marks[user] = 1;
    const likeness = Float32Array.from(others, (other) => {
      const theirs = this.#usersOf(other);
      let shared = 0;
      for (const user of theirs) shared += this.#marks[user]!;
      return shared === 0 ? 0 : shared / Math.sqrt(own.length * theirs.length);
    });
    for (const user of own) this.#marks[user] = 0;
    return likeness;
  }

  #usersOf(item: number): Uint32Array {
    return this.#users.subarray(this.#indptr[item]!, this.#indptr[item + 1]!);
  }
}
