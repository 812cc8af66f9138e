/**
 * The lower triangle of a symmetric matrix in square tiles, each row-major. Tiles on the diagonal are whole; what they
 * hold above it is of no meaning. Rows and columns from `n` to the end of the last tiles are not part of the matrix.
 */
export class SymmetricTiles {
  /** Rows of the matrix. */
  readonly n: number;
  /** Rows and columns of a tile. */
  readonly tileSize: number;
  readonly #tiles: readonly Float32Array[];

  /**
   * Puts tiles together, which are not copied.
   *
   * @param tiles Row after row: those of row 0, of row 1, …
   */
  constructor(n: number, tileSize: number, tiles: readonly Float32Array[]) {
    this.n = n;
    this.tileSize = tileSize;
    this.#tiles = tiles;
  }

  /** Number of tiles in the first column of tiles. */
  get count(): number {
    return Math.ceil(this.n / this.tileSize);
  }

  /** The tile of a row and a column of tiles, `column ≤ row`. */
  tile(row: number, column: number): Float32Array {
    return this.#tiles[row * (row + 1) / 2 + column]!;
  }

  /** All tiles, row after row. */
  tiles(): readonly Float32Array[] {
    return this.#tiles;
  }

  /** The entry of a row and a column. */
  at(row: number, column: number): number {
    const [tile, at] = this.#find(row, column);
    return tile[at]!;
  }

  /** Adds to an entry on the diagonal. */
  addToDiagonal(row: number, value: number): void {
    const [tile, at] = this.#find(row, row);
    tile[at]! += value;
  }

  #find(row: number, column: number): [Float32Array, number] {
    const [below, above] = row < column ? [column, row] : [row, column];
    const size = this.tileSize;
    return [
      this.tile(Math.floor(below / size), Math.floor(above / size)),
      below % size * size + above % size,
    ];
  }
}
