import type { KernelMemory } from "../kernel_memory.ts";
import type { SymmetricTiles } from "../symmetric_tiles.ts";
import type { Loan } from "./loan.ts";

/** A tile's row and column. */
export type TilePlace = readonly [row: number, column: number];

/**
 * Addresses of a matrix's tiles where kernels find them, row after row. Tiles outside of kernel memory have one while
 * they are copied there.
 */
export class TileTable {
  /** The matrix. */
  readonly tiles: SymmetricTiles;
  /** Bytes of a tile. */
  readonly tileBytes: number;
  /** Whether the tiles lie in kernel memory, so that all have their address. */
  readonly inPlace: boolean;
  readonly #memory: KernelMemory;
  readonly #addresses: Uint32Array;

  constructor(memory: KernelMemory, loan: Loan, tiles: SymmetricTiles) {
    const all = tiles.tiles();
    this.tiles = tiles;
    this.tileBytes = 4 * tiles.tileSize ** 2;
    this.inPlace = all.every((tile) => memory.holds(tile));
    this.#memory = memory;
    this.#addresses = loan.u32(all.length);
    if (!this.inPlace) return;
    for (const [at, { byteOffset }] of all.entries()) {
      this.#addresses[at] = byteOffset;
    }
  }

  /** Where the addresses are. */
  get address(): number {
    return this.#addresses.byteOffset;
  }

  /** Gives tiles the addresses from `start` on, one after the other; they hold what is there. */
  place(places: readonly TilePlace[], start: number): void {
    for (const [at, [row, column]] of places.entries()) {
      this.#addresses[row * (row + 1) / 2 + column] = start +
        at * this.tileBytes;
    }
  }

  /** Copies tiles to where {@linkcode TileTable.place} puts them. */
  load(places: readonly TilePlace[], start: number): void {
    this.place(places, start);
    for (const place of places) {
      this.#view(place).set(this.tiles.tile(...place));
    }
  }

  /** Copies tiles back. */
  store(places: readonly TilePlace[]): void {
    for (const place of places) {
      this.tiles.tile(...place).set(this.#view(place));
    }
  }

  #view([row, column]: TilePlace): Float32Array {
    return new Float32Array(
      this.#memory.buffer,
      this.#addresses[row * (row + 1) / 2 + column]!,
      this.tiles.tileSize ** 2,
    );
  }
}
