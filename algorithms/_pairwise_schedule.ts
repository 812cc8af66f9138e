import type { Csr } from "../core/kernels/csr.ts";
import type { PairwiseSchedule } from "../core/kernels/learning_kernels.ts";
import type { Random } from "../core/kernels/random.ts";

/** Blocks of users and of items at most. */
const MOST_BLOCKS = 8;
/** Users and items per block at least: within too small a block an item would meet the same few others all the time. */
const LEAST_PER_BLOCK = 256;

/** Parts of an epoch at most, and interactions per block of users and items in each at least. */
const MOST_PARTS = 8;
const LEAST_PER_TASK = 1000;

/** How many blocks users and items are cut into; decided by the matrix alone. */
export function blockCount({ rows, cols }: Csr): number {
  const most = Math.floor(Math.min(rows, cols) / LEAST_PER_BLOCK);
  return Math.max(1, Math.min(MOST_BLOCKS, most));
}

/** How many parts an epoch has; each has other blocks, so that no user stays with some of the items for long. */
export function partCount({ indices }: Csr, blocks: number): number {
  const most = Math.floor(indices.length / (LEAST_PER_TASK * blocks * blocks));
  return blocks === 1 ? 1 : Math.max(1, Math.min(MOST_PARTS, most));
}

/** One part after the other of the interactions in random order, as the kernel wants them. */
export class EpochSchedule implements PairwiseSchedule {
  readonly users: Uint32Array;
  readonly items: Uint32Array;
  readonly starts: Uint32Array;
  readonly blockItems: Uint32Array;
  readonly blockStarts: Uint32Array;
  readonly #blocks: number;
  readonly #parts: number;
  readonly #pairs: { readonly users: Uint32Array; readonly items: Uint32Array };
  readonly #userBlocks: Uint8Array;
  readonly #itemBlocks: Uint8Array;

  /** Takes the interactions of `matrix`; room for the schedule comes from `room`. */
  constructor(
    matrix: Csr,
    { blocks, parts }: { readonly blocks: number; readonly parts: number },
    room: (length: number) => Uint32Array,
  ) {
    const most = Math.ceil(matrix.indices.length / parts);
    this.users = room(most);
    this.items = room(most);
    this.starts = room(blocks * blocks + 1);
    this.blockItems = room(matrix.cols);
    this.blockStarts = room(blocks + 1);
    this.#blocks = blocks;
    this.#parts = parts;
    this.#pairs = { users: rowsOf(matrix), items: matrix.indices.slice() };
    this.#userBlocks = new Uint8Array(matrix.rows);
    this.#itemBlocks = new Uint8Array(matrix.cols);
  }

  /** Draws another order of all interactions. Linear time. */
  shuffle(random: Random): void {
    const { users, items } = this.#pairs;
    for (let n = users.length - 1; n > 0; n--) {
      const other = random.int(n + 1);
      [users[n], users[other]] = [users[other]!, users[n]!];
      [items[n], items[other]] = [items[other]!, items[n]!];
    }
  }

  /** Draws other blocks and fills in a part, counted from 0. Linear time. */
  take(part: number, random: Random): void {
    const blocks = this.#blocks;
    const { users, items } = this.#pairs;
    const order = deal(this.#itemBlocks, blocks, random);
    deal(this.#userBlocks, blocks, random);
    this.blockItems.set(order);
    for (let block = 0; block <= blocks; block++) {
      this.blockStarts[block] = Math.ceil(block * order.length / blocks);
    }
    const begin = Math.floor(part * users.length / this.#parts);
    const end = Math.floor((part + 1) * users.length / this.#parts);
    this.starts.fill(0);
    for (let n = begin; n < end; n++) this.starts[this.#at(n) + 1]!++;
    for (let at = 1; at < this.starts.length; at++) {
      this.starts[at]! += this.starts[at - 1]!;
    }
    const next = this.starts.slice();
    for (let n = begin; n < end; n++) {
      const to = next[this.#at(n)]!++;
      this.users[to] = users[n]!;
      this.items[to] = items[n]!;
    }
  }

  #at(pair: number): number {
    const user = this.#pairs.users[pair]!;
    const item = this.#pairs.items[pair]!;
    return this.#itemBlocks[item]! * this.#blocks + this.#userBlocks[user]!;
  }
}

function rowsOf({ rows, indptr, indices }: Csr): Uint32Array {
  const users = new Uint32Array(indices.length);
  for (let row = 0; row < rows; row++) {
    users.fill(row, indptr[row]!, indptr[row + 1]!);
  }
  return users;
}

/** Deals indices out to blocks of equal size; returns them in the order of their blocks. */
function deal(
  blockOf: Uint8Array,
  blocks: number,
  random: Random,
): Uint32Array {
  const order = Uint32Array.from(blockOf.keys());
  for (let n = order.length - 1; n > 0; n--) {
    const other = random.int(n + 1);
    [order[n], order[other]] = [order[other]!, order[n]!];
  }
  for (const [n, index] of order.entries()) {
    blockOf[index] = Math.floor(n * blocks / order.length);
  }
  return order;
}
