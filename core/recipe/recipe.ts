/**
 * The recipe as a value, defaults filled in: what a validated YAML recipe becomes. Keys are those of the file.
 *
 * @module
 */

/** Rows from delimited text. */
export interface CsvSource {
  readonly type: "csv";
  readonly path: string;
  readonly delimiter: string;
  readonly encoding: string;
  /** Index of the header row. */
  readonly header: number;
  readonly dtype: Readonly<Record<string, string>> | null;
  readonly sha256: string | null;
}

/** Rows from a Parquet file. */
export interface ParquetSource {
  readonly type: "parquet";
  readonly path: string;
  readonly sha256: string | null;
}

/** Where the interactions come from. */
export type SourceConfig = CsvSource | ParquetSource;

/** Which columns hold what. */
export interface ColumnSchema {
  readonly user_column: string;
  readonly item_column: string;
  readonly time_column: string | null;
  /** Unit of a numeric time column. */
  readonly time_unit: "s" | "ms" | "us" | "ns" | null;
}

/** What is removed before training, and how much must remain. */
export interface Cleansing {
  readonly drop_null_ids: boolean;
  readonly dedup: "keep_first" | "keep_last" | "none";
  readonly min_rows: number | null;
  readonly min_users: number | null;
  readonly min_items: number | null;
}

/** Item fields that are answered beside each item. */
export interface ItemMetadata {
  readonly type: "csv" | "parquet";
  readonly path: string;
  readonly sha256: string | null;
  readonly fields: readonly string[];
  readonly on_field_missing: "error" | "null";
  readonly item_id_column: string;
}

/** How interactions are held out to score a trial. */
export interface Split {
  readonly scheme: "random" | "time_user" | "time_global";
  readonly heldout_ratio: number;
  readonly test_user_ratio: number;
  readonly seed: number;
}

/** What is searched, and for how long. */
export interface Training {
  /** Canonical names, in the order of the file. */
  readonly algorithms: readonly string[];
  readonly metric: "ndcg" | "map" | "recall" | "hit";
  readonly cutoff: number;
  readonly n_trials: number;
  /** Keys are canonical names. */
  readonly per_algorithm_trials: Readonly<Record<string, number>> | null;
  readonly per_trial_timeout_seconds: number | null;
  readonly timeout_seconds: number | null;
  readonly parallelism: number;
  readonly storage_path: string;
  readonly split: Split;
}

/** Where the artifact goes. */
export interface Output {
  readonly path: string;
  readonly versioning: "append_sha" | "always_overwrite";
}

/** One model's whole description. */
export interface Recipe {
  /** `[A-Za-z0-9_-]{1,64}`. */
  readonly name: string;
  readonly source: SourceConfig;
  readonly schema: ColumnSchema;
  readonly cleansing: Cleansing;
  readonly item_metadata: ItemMetadata | null;
  readonly training: Training;
  readonly output: Output;
}
