/**
 * The recipe as a value, defaults filled in: what a validated YAML recipe becomes. Keys are those of the file.
 *
 * @module
 */
import type { ItemFilter } from "../models/item_filter.ts";
import type { ItemBoost } from "../models/recommend_options.ts";

/** Rows from delimited text. */
export interface CsvSource {
  /** Which kind of source. */
  readonly type: "csv";
  /** Path or URI of the file. */
  readonly path: string;
  /** Between fields; one character or several. */
  readonly delimiter: string;
  /** Character encoding, by any of its names. */
  readonly encoding: string;
  /** Index of the header row. */
  readonly header: number;
  /** Column to type; `str` keeps leading zeros. */
  readonly dtype: Readonly<Record<string, string>> | null;
  /** Digest that the file must have, 64 hex digits; required for http and https. */
  readonly sha256: string | null;
}

/** Rows from a Parquet file. */
export interface ParquetSource {
  /** Which kind of source. */
  readonly type: "parquet";
  /** Path or URI of the file. */
  readonly path: string;
  /** Digest that the file must have, 64 hex digits; required for http and https. */
  readonly sha256: string | null;
}

/** Rows that a database answers a query with. */
export interface SqlSource {
  /** Which kind of source. */
  readonly type: "sql";
  /** Name of the variable that holds the DSN; the DSN itself is in no recipe. */
  readonly dsn_env: string;
  /** One statement; values stand in it as `:name`. */
  readonly query: string;
  /** Name in the query to value; bound, never written into the query. */
  readonly query_parameters: Readonly<Record<string, QueryValue>>;
  /** Longest wait for the connection. */
  readonly connect_timeout_seconds: number;
  /** Longest run of the query. */
  readonly statement_timeout_seconds: number;
}

/** A value that is bound to a name in a query. */
export type QueryValue = string | number | boolean;

/** Rows that BigQuery answers a query with. */
export interface BigQuerySource {
  /** Which kind of source. */
  readonly type: "bigquery";
  /** One statement; values stand in it as `@name`. */
  readonly query: string;
  /** Name in the query to value: text, number or truth value. */
  readonly query_parameters: Readonly<Record<string, unknown>> | null;
  /** Project that pays; null for that of the credentials. */
  readonly project: string | null;
  /** Most bytes that the query may be charged for. */
  readonly maximum_bytes_billed: number | null;
}

/** Rows from a source that a plugin provides. */
export interface PluginSource {
  /** Which kind of source. */
  readonly type: "plugin";
  /** `source.type` as in the file. */
  readonly name: string;
  /** The other keys of the block, which the plugin reads. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Where the interactions come from. */
export type SourceConfig =
  | CsvSource
  | ParquetSource
  | SqlSource
  | BigQuerySource
  | PluginSource;

/** Which columns hold what. */
export interface ColumnSchema {
  /** Column of user ids. */
  readonly user_column: string;
  /** Column of item ids. */
  readonly item_column: string;
  /** Column of times; required by the splits by time. */
  readonly time_column: string | null;
  /** Unit of a numeric time column. */
  readonly time_unit: "s" | "ms" | "us" | "ns" | null;
}

/** What is removed before training, and how much must remain. */
export interface Cleansing {
  /** Whether rows without a user or item id are dropped. */
  readonly drop_null_ids: boolean;
  /** Which row of a user and item stays, in the order of the source. */
  readonly dedup: "keep_first" | "keep_last" | "none";
  /** Fewest rows that must remain. */
  readonly min_rows: number | null;
  /** Fewest users that must remain. */
  readonly min_users: number | null;
  /** Fewest items that must remain. */
  readonly min_items: number | null;
}

/** Item fields that are answered beside each item. */
export interface ItemMetadata {
  /** Format of the file. */
  readonly type: "csv" | "parquet";
  /** Path or URI of the file. */
  readonly path: string;
  /** Digest that the file must have, 64 hex digits; required for http and https. */
  readonly sha256: string | null;
  /** Columns that are answered beside each item. */
  readonly fields: readonly string[];
  /** Whether a column that is not there stops training or is answered as null. */
  readonly on_field_missing: "error" | "null";
  /** Column of item ids. */
  readonly item_id_column: string;
}

/** How interactions are held out to score a trial. */
export interface Split {
  /** What is held out: random interactions, the latest of each user, or the latest of all. */
  readonly scheme: "random" | "time_user" | "time_global";
  /** Share of interactions held out, between 0 and 1. */
  readonly heldout_ratio: number;
  /** Share of users who are tested, above 0, at most 1. */
  readonly test_user_ratio: number;
  /**
   * Share that no trial sees and the best model is scored on once, from 0, which is none, to below 1: of the users, or
   * for `time_global` of the interactions, the latest.
   */
  readonly test_ratio: number;
  /** Seed of the split and of the search. */
  readonly seed: number;
}

/** What is kept of a model that has a weight for every pair of items. */
export interface KeptWeights {
  /** Weights per item, the largest by magnitude; `auto`: as few as are within 0.5 % of the best number's metric. */
  readonly top_k: "auto" | "all" | number;
  /** Type of the weights kept; `auto`: f16, or f32 where all are. */
  readonly precision: "auto" | "f32" | "f16" | "int8";
}

/** How good a model must be to be published; the score is that of the artifact's header, `best_score`. */
export interface Gate {
  /** Lowest score that is published; null: any. */
  readonly min_score: number | null;
  /** Share of the published artifact's score that a new one may lose, from 0 to 1; null: all. */
  readonly max_drop: number | null;
}

/** What is searched, and for how long. */
export interface Training {
  /** Canonical names, in the order of the file. */
  readonly algorithms: readonly string[];
  /** What the search maximises. */
  readonly metric: "ndcg" | "map" | "recall" | "hit";
  /** Length of the lists that are scored. */
  readonly cutoff: number;
  /** Trials of all algorithms together. */
  readonly n_trials: number;
  /** Keys are canonical names. */
  readonly per_algorithm_trials: Readonly<Record<string, number>> | null;
  /** Longest trial. */
  readonly per_trial_timeout_seconds: number | null;
  /** Longest search. */
  readonly timeout_seconds: number | null;
  /** Trials at once. */
  readonly parallelism: number;
  /** Where dense matrices are computed; `auto` takes the processor where there is no GPU. */
  readonly device: "auto" | "cpu" | "gpu";
  /**
   * How products are rounded: as the processor does it best, or the same on every machine, at about three quarters of the
   * speed.
   */
  readonly arithmetic: "fast" | "strict";
  /** Where trials are kept; empty for memory. */
  readonly storage_path: string;
  /** How a trial is scored. */
  readonly split: Split;
  /** How large the artifact of some models is. */
  readonly weights: KeptWeights;
  /** What keeps a model from being published. */
  readonly gate: Gate;
}

/** Where the artifact goes. */
export interface Output {
  /** Path or URI of the artifact, or of its pointer. */
  readonly path: string;
  /** A new file for each model and a pointer to it, or one file. */
  readonly versioning: "append_sha" | "always_overwrite";
  /** How many versions stay after a publication, the new one among them; null: all. */
  readonly keep: number | null;
  /** Whether a report of the training is written beside the artifact. */
  readonly report: boolean;
}

/** What requests to `/v1` ask for where they do not say; null: what they ask for without a recipe's word. */
export interface Serving {
  /** Most items of an answer. */
  readonly limit: number | null;
  /** What to answer when nothing is known of the user. */
  readonly fallback: "popular" | "error" | null;
  /** Whether items that the user has may come. */
  readonly include_seen: boolean | null;
  /** What fields of an item must be; they are among `item_metadata.fields`. */
  readonly filter: ItemFilter | null;
  /** What keeps a list from being all of one kind. */
  readonly diversity: {
    /** Between score alone, 1, and unlikeness to the items above, 0. */
    readonly lambda: number | null;
    /** Most items with the same value of a field. */
    readonly cap: { readonly field: string; readonly most: number } | null;
  } | null;
  /** Items that are raised or lowered. */
  readonly boosts: readonly ItemBoost[] | null;
}

/** One model's whole description. */
export interface Recipe {
  /** `[A-Za-z0-9_-]{1,64}`. */
  readonly name: string;
  /** Where the interactions come from. */
  readonly source: SourceConfig;
  /** Which columns hold what. */
  readonly schema: ColumnSchema;
  /** What is removed first. */
  readonly cleansing: Cleansing;
  /** Item fields to answer beside each item. */
  readonly item_metadata: ItemMetadata | null;
  /** What is searched, and for how long. */
  readonly training: Training;
  /** Where the artifact goes. */
  readonly output: Output;
  /** How its model is served. */
  readonly serving: Serving;
}
