/** The lower triangle of a symmetric matrix in square tiles, each row-major. */
export interface HostTiles {
  /** Rows of the matrix. */
  readonly n: number;
  /** Rows and columns of a tile; in the last ones, what lies beyond `n` is not part of the matrix. */
  readonly tileSize: number;
  /** The tile of a row and a column of tiles, `column ≤ row`. */
  tile(row: number, column: number): Float32Array;
}
