import { notInvertible } from "../not_invertible.ts";
import type { Engine } from "./engine.ts";
import type { TilePlace, TileTable } from "./tile_table.ts";

/** Tiles of an area beside two for each row of tiles, as in the assembly. */
const PARTS = 5;
/** Tiles that a worker needs as scratch memory. */
const SCRATCH = 2;
/** No block. */
const NONE = 0xffffffff;

/** Which tiles an update changes, and by what. */
export interface SweepUpdate {
  /** First block that the tiles are updated by. */
  readonly k: number;
  /** How many blocks; default 1. */
  readonly steps?: number;
  /** Its area; those of further blocks follow. */
  readonly area: number;
  /** The tiles; those in the row and column of a block are left out. */
  readonly places: readonly TilePlace[];
  /** Where they are written down: kernel memory of two words for each tile and two more. */
  readonly room: Uint32Array;
  /** The block whose pivot is taken next, while other tiles are still updated. */
  readonly next?: { readonly block: number; readonly area: number } | null;
}

/** The stages of the sweep in `assembly/sweep.ts` over one matrix. */
export class Sweep {
  /** Where its tiles lie. */
  readonly table: TileTable;
  /** Bytes of what the stages of one block share. */
  readonly areaBytes: number;
  readonly #pool: Engine["pool"];
  readonly #signal: AbortSignal | undefined;

  constructor({ pool }: Engine, table: TileTable, signal?: AbortSignal) {
    this.table = table;
    this.areaBytes = table.tileBytes * (PARTS + 2 * table.tiles.count);
    this.#pool = pool;
    this.#signal = signal;
  }

  /** Bytes that every call takes beside tiles and areas. */
  get scratchBytes(): number {
    return SCRATCH * this.table.tileBytes * this.#pool.threads;
  }

  /** Turns the pivot tile of block `k` into its inverse. */
  async pivot(k: number, area: number): Promise<void> {
    await this.#run("sweepPivot", [k, area]);
  }

  /** Gives block `k` its new column, and its area what updates need. */
  async panel(k: number, area: number): Promise<void> {
    await this.#run("sweepPanel", [k, area]);
  }

  /** Updates tiles outside of the row and column of a block. */
  async update(
    { k, steps = 1, area, places, room, next = null }: SweepUpdate,
  ): Promise<void> {
    const list = next === null ? places : [[next.block, next.block], ...places];
    for (const [at, place] of list.entries()) room.set(place, 2 * at);
    await this.#run("sweepUpdate", [
      k,
      steps,
      area,
      this.areaBytes,
      room.byteOffset,
      list.length,
      next?.block ?? NONE,
      next?.area ?? 0,
    ]);
  }

  async #run(kernel: string, args: readonly number[]): Promise<void> {
    const { address, tileBytes, tiles } = this.table;
    const failure = await this.#pool.run({
      kernel,
      args: [address, tiles.n, tiles.tileSize, ...args],
      scratchBytes: SCRATCH * tileBytes,
    }, this.#signal);
    if (failure !== null) throw notInvertible(failure.row, failure.value);
  }
}

/** Bytes of kernel memory that inverting `count` rows of tiles takes beside the tiles. */
export function sweepBytes(
  count: number,
  tileBytes: number,
  threads: number,
): number {
  const lists = 12 * count * (count + 1);
  return tileBytes * (PARTS + 2 * count + SCRATCH * threads) + lists;
}
