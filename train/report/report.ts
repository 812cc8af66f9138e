/**
 * The report of a training as a value: what `<artifact>.report.json` holds, and all that the HTML file is made of. Keys are
 * those of the file. Scores are by the recipe's metric; times in seconds, sizes in bytes; null where nothing is known.
 *
 * @module
 */
import type { Dimension } from "../../algorithms/algorithm.ts";
import type { ItemValue } from "../../core/models/item_value.ts";
import type { Recipe } from "../../core/recipe/recipe.ts";
import type { Params } from "../search/draw.ts";
import type { TrialOutcome } from "../search/trial_job.ts";

/** Version of what follows; another number where a key was removed or means something else. */
export const REPORT_SCHEMA_VERSION = 1;

/** One training. */
export interface Report {
  /** {@linkcode REPORT_SCHEMA_VERSION}. */
  readonly schema_version: typeof REPORT_SCHEMA_VERSION;
  readonly recipe: ReportedRecipe;
  readonly run: ReportedRun;
  readonly artifact: ReportedArtifact;
  readonly result: ReportedResult;
  readonly search: ReportedSearch;
  readonly catalogue: ReportedCatalogue;
  readonly data: ReportedData;
  /** Few users, from the least active to the most. */
  readonly samples: readonly ReportedSample[];
}

/** What was asked for. */
export interface ReportedRecipe {
  readonly name: string;
  /** As in the artifact's header. */
  readonly hash: string;
  /** The file as it was written, variables not filled in, what looks like a secret blanked; null: there was no file. */
  readonly text: string | null;
}

/** What ran. */
export interface ReportedRun {
  readonly id: string;
  /** Time in UTC, `YYYY-MM-DDThh:mm:ssZ`. */
  readonly trained_at: string;
  /** From the start of training until the artifact was published. */
  readonly wall_seconds: number;
  readonly recotem_version: string;
  /** Which kernels computed the model. */
  readonly engine: string;
}

/** What was written. */
export interface ReportedArtifact {
  readonly uri: string;
  /** URI of the file that names it, if there is one. */
  readonly pointer: string | null;
  readonly sha256: string;
  readonly bytes: number;
  readonly model_kind: string;
  /** What was kept of a model with a weight for every pair of items; null for others. */
  readonly weights: {
    /** Weights per item; null: all. */
    readonly top_k: number | null;
    readonly precision: string;
    /** Score with all weights in single precision. */
    readonly full_score: number | null;
  } | null;
}

/** A score, and between what it lies with 95 % confidence. */
export interface ReportedScore {
  readonly score: number | null;
  readonly interval: readonly [low: number, high: number] | null;
}

/** What was found. */
export interface ReportedResult extends ReportedScore {
  readonly algorithm: string;
  readonly params: Params;
  readonly metric: string;
  readonly cutoff: number;
  /** Number of the trial that won. */
  readonly trial: number;
  /** All that was measured of it on the validation part, by name. */
  readonly metrics: Readonly<Record<string, number>>;
  /** On what no trial has seen; null where nothing was set aside. */
  readonly test: ReportedScore | null;
  /** Score of listing what is most popular; null where that was not measured. */
  readonly popularity_score: number | null;
}

/** All trials. */
export interface ReportedSearch {
  /** Wall time of all trials together. */
  readonly seconds: number;
  /** Best first. */
  readonly algorithms: readonly ReportedAlgorithm[];
  /** In the order of their numbers. */
  readonly trials: readonly ReportedTrial[];
}

/** How one algorithm did. */
export interface ReportedAlgorithm {
  readonly algorithm: string;
  readonly trials: number;
  readonly complete: number;
  readonly pruned: number;
  readonly failed: number;
  /** Of the scores of its trials, those without one left out; null when none has one. */
  readonly scores: {
    readonly min: number;
    readonly median: number;
    readonly max: number;
  } | null;
  readonly seconds: number;
  /** Largest of its trials. */
  readonly peak_bytes: number | null;
  /** What the search may draw; the number of epochs beside it, where the search learns that. */
  readonly space: Readonly<Record<string, Dimension>>;
}

/** How one trial did. */
export interface ReportedTrial {
  readonly trial: number;
  readonly algorithm: string;
  readonly state: TrialOutcome["state"];
  readonly score: number | null;
  readonly seconds: number;
  /** Most kernel memory in use at once, the data included. */
  readonly peak_bytes: number | null;
  /** What was drawn, and the number of epochs that was best. */
  readonly params: Params;
  readonly error: string | null;
}

/** What the model's lists are made of, beside what the data are made of. */
export interface ReportedCatalogue {
  /** Users whose lists were looked at: all, or evenly chosen ones. */
  readonly users: number;
  /** Length of their lists. */
  readonly cutoff: number;
  /** Items by falling popularity: what share of all interactions, and of all places in lists, the most popular have. */
  readonly concentration: readonly {
    /** Share of the items. */
    readonly items: number;
    readonly interactions: number;
    readonly recommendations: number;
  }[];
  /** Share of the items in some list, by the length of the lists. */
  readonly coverage: readonly {
    readonly length: number;
    readonly items: number;
  }[];
}

/** How many there are of a number of interactions, `from` to `to`, both included. */
export interface ReportedActivity {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** What was read. */
export interface ReportedData {
  readonly rows_read: number;
  readonly rows_kept: number;
  /** Rows dropped because they lack the id of a user or item. */
  readonly rows_without_id: number;
  /** Rows dropped as repeats of a user and item. */
  readonly rows_repeated: number;
  readonly dedup: Recipe["cleansing"]["dedup"];
  readonly users: number;
  readonly items: number;
  /** Distinct pairs of user and item. */
  readonly pairs: number;
  /** Share of all pairs that there might be. */
  readonly density: number;
  /** First and last time, `YYYY-MM-DDThh:mm:ssZ`; null without a time column. */
  readonly period: readonly [first: string, last: string] | null;
  /** Items by the number of their users, users by the number of their items. */
  readonly items_by_users: readonly ReportedActivity[];
  readonly users_by_items: readonly ReportedActivity[];
  /** What the items' fields say; null without item metadata. */
  readonly item_fields:
    | readonly {
      readonly field: string;
      /** Items of which it says nothing. */
      readonly missing: number;
    }[]
    | null;
}

/** An item in the life of a user. */
export interface ReportedItem {
  readonly item_id: string;
  /** What a person calls it; null where there is no such field. */
  readonly title: ItemValue;
  /** Number of users who have it. */
  readonly users: number;
}

/** What one user has and is recommended. */
export interface ReportedSample {
  readonly user_id: string;
  /** Number of items that the user has. */
  readonly items: number;
  /** Some of them, the latest first where there are times. */
  readonly has: readonly ReportedItem[];
  /** Best first. */
  readonly recommended: readonly (ReportedItem & { readonly score: number })[];
}
