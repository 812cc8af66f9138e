/** A sparse matrix in compressed sparse row form: row `r` owns positions `indptr[r]` to `indptr[r + 1]`, columns ascending. */
export interface Csr {
  /** Number of rows. */
  readonly rows: number;
  /** Number of columns. */
  readonly cols: number;
  /** Start of each row in `indices` and `values`; length `rows + 1`. */
  readonly indptr: Uint32Array;
  /** Column of each stored value, ascending within a row. */
  readonly indices: Uint32Array;
  /** The stored values. */
  readonly values: Float32Array;
}
