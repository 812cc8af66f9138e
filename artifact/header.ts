/**
 * What an artifact says of itself. Keys are those of the file.
 *
 * @module
 */
import type { Dtype } from "../core/models/model.ts";

/** What was measured of a model on interactions that were held out. */
export interface HeaderMetrics {
  /** Discounted gain, beside that of the best possible list. */
  readonly ndcg: number;
  /** Mean average precision. */
  readonly map: number;
  /** Share of the held-out items found. */
  readonly recall: number;
  /** Share of users with at least one hit. */
  readonly hit: number;
  /** Number of users scored. */
  readonly users: number;
  /** Share of the items that are in some list. */
  readonly coverage: number;
  /** Mean self-information of a listed item, in bits: low where the popular is listed. */
  readonly novelty: number;
  /** Gini coefficient of how often items are listed: 0 where all are equally often. */
  readonly gini: number;
  /** Score, by the header's metric, that listing the most popular items has on the same interactions. */
  readonly popularity_score: number;
}

/** What training says of a model. */
export interface HeaderFields {
  /** Name of the recipe, `[A-Za-z0-9_-]{1,64}`. */
  readonly recipe_name: string;
  /** Hash of the recipe. */
  readonly recipe_hash: string;
  /** Version of the program that trained. */
  readonly recotem_version: string;
  /** Which kernels computed it, with their version. */
  readonly engine: string;
  /** Which kind of model the tensors make. */
  readonly model_kind: string;
  /** Time in UTC, `YYYY-MM-DDThh:mm:ssZ`. */
  readonly trained_at: string;
  /** Grows with each training of the recipe; see `sequenceOf`. Absent where an earlier version trained. */
  readonly sequence?: number;
  /** Class of the algorithm that won, such as `IALSRecommender`. */
  readonly best_class: string;
  /** Its parameters. */
  readonly best_params: Readonly<Record<string, unknown>>;
  /** Its score; null when that was not a finite number. */
  readonly best_score: number | null;
  /** 95 % confidence interval of the score over users, by bootstrap. Absent where an earlier version trained. */
  readonly best_score_interval?: readonly [low: number, high: number];
  /** What the score measures. */
  readonly metric: string;
  /** Length of the lists that were scored. */
  readonly cutoff: number;
  /** What was kept of a model with a weight for every pair of items; absent for others. */
  readonly weights?: {
    /** Weights per item, the largest; null: all. */
    readonly top_k: number | null;
    /** Which item that is: one that is scored, or one of the history. */
    readonly per: "target" | "source";
    /** Type of the weights. */
    readonly precision: string;
    /** Score with all weights in single precision; `best_score` is that of the weights kept. */
    readonly full_score: number | null;
  };
  /** All that was measured of the model where `best_score` was. Absent where an earlier version trained. */
  readonly metrics?: HeaderMetrics;
  /** Score on what no trial has seen; absent without `split.test_ratio`, like the next two. */
  readonly test_score?: number | null;
  /** 95 % confidence interval of that score. */
  readonly test_score_interval?: readonly [low: number, high: number];
  /** All that was measured of the model there. */
  readonly test_metrics?: HeaderMetrics;
  /** How the interactions were split that it was scored on. Absent where an earlier version trained. */
  readonly split?: {
    readonly scheme: string;
    readonly heldout_ratio: number;
    readonly test_user_ratio: number;
    readonly test_ratio: number;
  };
  /** How the winner was found. */
  readonly tuning: {
    readonly tried_algorithms: readonly string[];
    readonly n_trials: number;
    readonly n_completed: number;
    readonly n_orphaned: number;
    readonly best_trial_number: number;
    readonly search_seed: number;
  };
  /** What it was trained on. */
  readonly data_stats: {
    readonly n_rows: number;
    readonly n_users: number;
    readonly n_items: number;
    readonly drop_count: number;
    readonly dedup_policy: string;
  };
}

/** Where a tensor lies in the payload. */
export interface TensorEntry {
  /** Type of the elements. */
  readonly dtype: Dtype;
  /** Extent of each dimension, at most 8. */
  readonly shape: readonly number[];
  /** First byte, counted from the start of the payload. */
  readonly offset: number;
}

/** The header of a file: what training says, and what the payload holds. */
export interface ArtifactHeader extends HeaderFields {
  /** How the payload is laid out, with the version of that. */
  readonly payload_format: "recotem-tensors/1";
  /** Length of the payload. */
  readonly payload_bytes: number;
  /** Name → place, in the order of the payload. */
  readonly tensors: Readonly<Record<string, TensorEntry>>;
}
