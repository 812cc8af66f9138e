import type { HostTiles } from "../../../../core/kernels/gpu/host_tiles.ts";

/** A symmetric matrix in tiles, from its entries on and below the diagonal; NaN where no entry is. */
export class TestTiles implements HostTiles {
  readonly n: number;
  readonly tileSize: number;
  readonly #tiles = new Map<string, Float32Array>();

  constructor(
    n: number,
    tileSize: number,
    entry: (row: number, column: number) => number = () => NaN,
  ) {
    this.n = n;
    this.tileSize = tileSize;
    for (let row = 0; row * tileSize < n; row++) {
      for (let column = 0; column <= row; column++) {
        const tile = new Float32Array(tileSize ** 2).fill(NaN);
        this.#tiles.set(`${row} ${column}`, tile);
      }
    }
    for (let row = 0; row < n; row++) {
      for (let column = 0; column <= row; column++) {
        const [tile, at] = this.#find(row, column);
        tile[at] = entry(row, column);
      }
    }
  }

  tile(row: number, column: number): Float32Array {
    return this.#tiles.get(`${row} ${column}`)!;
  }

  /** The entry of a row and a column, on or below the diagonal. */
  at(row: number, column: number): number {
    const [tile, at] = this.#find(row, column);
    return tile[at]!;
  }

  #find(row: number, column: number): [Float32Array, number] {
    const size = this.tileSize;
    return [
      this.tile(Math.floor(row / size), Math.floor(column / size)),
      row % size * size + column % size,
    ];
  }
}
