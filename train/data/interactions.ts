import type { Csr } from "../../core/kernels/csr.ts";
import type { IdMap } from "../../core/models/id_map.ts";

/** Counts of what cleansing did. */
export interface DataStats {
  /** Rows after cleansing. */
  readonly rows: number;
  /** Distinct users. */
  readonly users: number;
  /** Distinct items. */
  readonly items: number;
  /** Rows removed for a missing id or as a repeat. */
  readonly dropped: number;
  /** How many of them lacked an id. */
  readonly withoutId: number;
}

/** Rows of a pair after its first one. */
export interface Repeats {
  /** Which stored value of the matrix each row counts in. */
  readonly positions: Uint32Array;
  /** Its time in milliseconds since 1970, not before that of the pair. */
  readonly times: Float64Array;
}

/** Who did what: the cleansed data of one recipe. */
export interface Interactions {
  readonly users: IdMap;
  readonly items: IdMap;
  /** Users × items; each value is the number of rows of that pair (1 unless `dedup: none`). */
  readonly matrix: Csr;
  /** Time of each stored value in milliseconds since 1970 (the earliest of its rows), or null without a time column. */
  readonly times: Float64Array | null;
  /** The rows that values above 1 come from; null without a time column or where each pair has one row. */
  readonly repeats: Repeats | null;
  readonly stats: DataStats;
}
