/**
 * Where rows come from.
 *
 * @module
 */

/** One column of a batch. Ids are text whatever the file says; a missing value is null (or NaN in numbers). */
export type Column =
  | {
    readonly type: "text";
    readonly values: readonly (string | null)[];
    /** The same texts as bytes, from a source that has them so: who reads these spares a string for every cell. */
    readonly encoded?: EncodedTexts;
  }
  | { readonly type: "boolean"; readonly values: readonly (boolean | null)[] }
  | { readonly type: "number"; readonly values: Float64Array }
  | {
    readonly type: "time";
    /** Milliseconds since 1970. */
    readonly values: Float64Array;
    /** The file holds days, without a time of day. */
    readonly dateOnly: boolean;
  };

/** Texts in UTF-8, as ranges of bytes; nothing in them changes any more. */
export interface EncodedTexts {
  /** The bytes of all texts, and whatever lies between them. */
  readonly bytes: Uint8Array;
  /** First byte of each text. */
  readonly starts: Uint32Array;
  /** Byte after each text. An empty one means a missing value. */
  readonly ends: Uint32Array;
  /** For each row which text it holds, -1 for none; null where row `i` holds text `i`. */
  readonly codes: Int32Array | null;
}

/** Some rows, as columns. */
export interface RowBatch {
  /** How many; at least one. */
  readonly rows: number;
  /** Column name → values; every column has `rows` values. */
  readonly columns: ReadonlyMap<string, Column>;
}

/** A table somewhere, read once, front to back. */
export interface DataSource {
  /** As in `source.type`. */
  readonly type: string;
  /** Cheap check that the source is there; reads no data. */
  probe(signal: AbortSignal): Promise<void>;
  /**
   * The asked-for columns, in source row order, each batch not empty. A column that is not there or a table without
   * rows: `RecotemError("datasource_error")`.
   */
  batches(
    columns: readonly SourceColumn[],
    signal: AbortSignal,
  ): AsyncIterable<RowBatch>;
}

/** A column that the pipeline needs. */
export interface SourceColumn {
  /** Its name in the table. */
  readonly name: string;
  /** `id` is always read as text; `value` keeps the type of the file. */
  readonly role: "id" | "value";
  /** A column that may be missing is then left out of the batches. */
  readonly optional?: boolean;
}
