import type { Csr } from "../csr.ts";

/** Some rows of a sparse matrix, and their entries column by column; copies, which a device may be given. */
export interface GramEntries {
  /** For each column where its entries begin, and where the last ones end; length `cols + 1`. */
  readonly begins: Uint32Array<ArrayBuffer>;
  /** For each entry, column by column, where it lies among the entries row by row. */
  readonly places: Uint32Array<ArrayBuffer>;
  /** For each entry, column by column, where its row ends among the entries row by row. */
  readonly ends: Uint32Array<ArrayBuffer>;
  /** Columns of the entries, row by row. */
  readonly columns: Uint32Array<ArrayBuffer>;
  /** Values of the entries, row by row. */
  readonly values: Float32Array<ArrayBuffer>;
}

/**
 * Cuts a matrix into runs of rows with at most `most` entries each, or one row. Linear time in the entries, and in the
 * columns for each run.
 */
export function* gramEntries(
  matrix: Csr,
  most: number,
): Generator<GramEntries> {
  const { rows, indptr } = matrix;
  for (let first = 0; first < rows;) {
    let last = first + 1;
    while (last < rows && indptr[last + 1]! - indptr[first]! <= most) last++;
    if (indptr[last]! > indptr[first]!) yield sortRows(matrix, first, last);
    first = last;
  }
}

function sortRows(
  { cols, indptr, indices, values }: Csr,
  first: number,
  last: number,
): GramEntries {
  const from = indptr[first]!;
  const columns = new Uint32Array(indices.subarray(from, indptr[last]));
  const begins = new Uint32Array(cols + 1);
  for (const column of columns) begins[column + 1]!++;
  for (let c = 0; c < cols; c++) begins[c + 1]! += begins[c]!;
  const next = begins.slice(0, cols);
  const places = new Uint32Array(columns.length);
  const ends = new Uint32Array(columns.length);
  for (let row = first; row < last; row++) {
    const end = indptr[row + 1]! - from;
    for (let place = indptr[row]! - from; place < end; place++) {
      const at = next[columns[place]!]!++;
      places[at] = place;
      ends[at] = end;
    }
  }
  return {
    begins,
    places,
    ends,
    columns,
    values: new Float32Array(values.subarray(from, indptr[last])),
  };
}
