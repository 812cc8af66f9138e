import type { Cleansing } from "../../core/recipe/recipe.ts";

/**
 * Distinct (user, item) pairs in the order they first came, with their count and time: an open-addressing hash table
 * over typed arrays. 12 bytes a pair, 8 more with times, 8 to 16 for the slots; with times and `dedup: none` 12 bytes for
 * each repeat. Adding is O(1).
 */
export class PairTable {
  /** Number of distinct pairs. */
  size = 0;
  /** User of each pair; only the first `size` count, here and below. */
  users: Uint32Array = new Uint32Array(1024);
  /** Item of each pair. */
  items: Uint32Array = new Uint32Array(1024);
  /** Rows of each pair that were kept. */
  counts: Float32Array = new Float32Array(1024);
  /** Time of each pair, the earliest of those that are kept, or null when rows have none. */
  times: Float64Array | null;
  /** Number of rows that were kept beside the first of their pair, where rows have times. */
  repeatCount = 0;
  /** Pair of each of them; only the first `repeatCount` count, here and below. */
  repeated: Uint32Array = new Uint32Array();
  /** Time of each of them. */
  repeatTimes: Float64Array = new Float64Array();
  readonly #dedup: Cleansing["dedup"];
  /** Pair index + 1 by hash; 0 is free. At most half full. */
  #slots = new Uint32Array(2048);

  /** An empty table that treats repeats as `dedup` says. */
  constructor(dedup: Cleansing["dedup"], timed: boolean) {
    this.#dedup = dedup;
    this.times = timed ? new Float64Array(1024) : null;
  }

  /** Adds one row; false when it is a repeat of which one row is dropped. Without times, `time` is ignored. */
  add(user: number, item: number, time: number): boolean {
    const mask = this.#slots.length - 1;
    let slot = hash(user, item) & mask;
    for (let entry; (entry = this.#slots[slot]!) !== 0;) {
      const pair = entry - 1;
      if (this.users[pair] === user && this.items[pair] === item) {
        return this.#repeat(pair, time);
      }
      slot = (slot + 1) & mask;
    }
    if (this.size === this.users.length) this.#growPairs();
    const pair = this.size++;
    this.users[pair] = user;
    this.items[pair] = item;
    this.counts[pair] = 1;
    if (this.times !== null) this.times[pair] = time;
    this.#slots[slot] = pair + 1;
    if (this.size * 2 > this.#slots.length) this.#growSlots();
    return true;
  }

  #repeat(pair: number, time: number): boolean {
    const { times } = this;
    switch (this.#dedup) {
      case "keep_first":
        return false;
      case "keep_last":
        if (times !== null) times[pair] = time;
        return false;
      case "none":
        this.counts[pair]! += 1;
        if (times !== null) {
          this.#addRepeat(pair, Math.max(times[pair]!, time));
          times[pair] = Math.min(times[pair]!, time);
        }
        return true;
    }
  }

  #addRepeat(pair: number, time: number): void {
    const n = this.repeatCount++;
    if (n === this.repeated.length) {
      const length = Math.max(1024, 2 * n);
      this.repeated = grown(this.repeated, new Uint32Array(length));
      this.repeatTimes = grown(this.repeatTimes, new Float64Array(length));
    }
    this.repeated[n] = pair;
    this.repeatTimes[n] = time;
  }

  #growPairs(): void {
    const length = this.size * 2;
    this.users = grown(this.users, new Uint32Array(length));
    this.items = grown(this.items, new Uint32Array(length));
    this.counts = grown(this.counts, new Float32Array(length));
    if (this.times !== null) {
      this.times = grown(this.times, new Float64Array(length));
    }
  }

  #growSlots(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let pair = 0; pair < this.size; pair++) {
      let slot = hash(this.users[pair]!, this.items[pair]!) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = pair + 1;
    }
    this.#slots = slots;
  }
}

function grown<T extends Uint32Array | Float32Array | Float64Array>(
  from: T,
  to: T,
): T {
  to.set(from);
  return to;
}

function hash(user: number, item: number): number {
  const mixed = Math.imul(user, 0x9e3779b1) ^ Math.imul(item, 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
