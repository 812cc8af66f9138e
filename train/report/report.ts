/**
 * The report of a training as a value: what `<artifact>.report.json` holds, and all that the HTML file is made of. Keys are
 * those of the file. Scores are by the recipe's metric; times in seconds, sizes in bytes; null where nothing is known.
 *
 * @module
 */
import type { Dimension } from "../../algorithms/algorithm.ts";
import type { ItemValue } from "../../core/models/item_value.ts";
import type { Recipe, Split } from "../../core/recipe/recipe.ts";
import type { Params } from "../search/draw.ts";
import type { TrialOutcome } from "../search/trial_job.ts";

/** Version of what follows; another number where a key was removed or means something else. */
export const REPORT_SCHEMA_VERSION = 1;

/** One training. */
export interface Report {
  /** {@linkcode REPORT_SCHEMA_VERSION}. */
  readonly schema_version: typeof REPORT_SCHEMA_VERSION;
  /** What was asked for. */
  readonly recipe: ReportedRecipe;
  /** What ran. */
  readonly run: ReportedRun;
  /** What was written. */
  readonly artifact: ReportedArtifact;
  /** What was found. */
  readonly result: ReportedResult;
  /** All trials. */
  readonly search: ReportedSearch;
  /** What the model's lists are made of. */
  readonly catalogue: ReportedCatalogue;
  /** What was read. */
  readonly data: ReportedData;
  /** Few users, from the least active to the most. */
  readonly samples: readonly ReportedSample[];
}

/** What was asked for. */
export interface ReportedRecipe {
  /** `[A-Za-z0-9_-]{1,64}`. */
  readonly name: string;
  /** As in the artifact's header. */
  readonly hash: string;
  /** The file as it was written, variables not filled in, what looks like a secret blanked; null: there was no file. */
  readonly text: string | null;
}

/** What ran. */
export interface ReportedRun {
  /** Name of the run, as in events. */
  readonly id: string;
  /** Time in UTC, `YYYY-MM-DDThh:mm:ssZ`. */
  readonly trained_at: string;
  /** From the start of training until the artifact was published. */
  readonly wall_seconds: number;
  /** Version of the program that trained. */
  readonly recotem_version: string;
  /** Which kernels computed the model. */
  readonly engine: string;
}

/** What was written. */
export interface ReportedArtifact {
  /** Where it is; what looks like a secret blanked. */
  readonly uri: string;
  /** URI of the file that names it, if there is one. */
  readonly pointer: string | null;
  /** Digest of the artifact, 64 hex digits. */
  readonly sha256: string;
  /** Length of the artifact. */
  readonly bytes: number;
  /** Which kind of model it holds. */
  readonly model_kind: string;
  /** What was kept of a model with a weight for every pair of items; null for others. */
  readonly weights: {
    /** Weights per item; null: all. */
    readonly top_k: number | null;
    /** Which item that is: one that is scored, or one of the history. */
    readonly per: "target" | "source";
    /** Type of the weights. */
    readonly precision: string;
    /** Score with all weights in single precision. */
    readonly full_score: number | null;
  } | null;
}

/** A score, and between what it lies with 95 % confidence. */
export interface ReportedScore {
  /** Null when it was no finite number. */
  readonly score: number | null;
  /** Null where it was not measured. */
  readonly interval: readonly [low: number, high: number] | null;
}

/** What was measured of the model that was published. */
export interface ReportedMeasurement extends ReportedScore {
  /** Score of listing what is most popular, on the same; null where that was not measured. */
  readonly popularity_score: number | null;
  /** All that was measured, by name. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** What was found; its own score is that on which the trials were compared. */
export interface ReportedResult extends ReportedMeasurement {
  /** Name as in the recipe. */
  readonly algorithm: string;
  /** Its parameters, and the number of epochs that was best, as in the artifact's header. */
  readonly params: Readonly<Record<string, unknown>>;
  /** What the search maximised. */
  readonly metric: string;
  /** Length of the lists that were scored. */
  readonly cutoff: number;
  /** Number of the trial that won. */
  readonly trial: number;
  /** On what no trial has seen; null where nothing was set aside. */
  readonly test: ReportedMeasurement | null;
}

/** All trials. */
export interface ReportedSearch {
  /** How interactions were held out. */
  readonly split: Split;
  /** Wall time of all trials together. */
  readonly seconds: number;
  /** Best first. */
  readonly algorithms: readonly ReportedAlgorithm[];
  /** In the order of their numbers. */
  readonly trials: readonly ReportedTrial[];
}

/** How one algorithm did. */
export interface ReportedAlgorithm {
  /** Name as in the recipe. */
  readonly algorithm: string;
  /** How many there were. */
  readonly trials: number;
  /** Those that ran to their end. */
  readonly complete: number;
  /** Those that were stopped early. */
  readonly pruned: number;
  /** Those without a score. */
  readonly failed: number;
  /** Of the scores of its trials, those without one left out; null when none has one. */
  readonly scores: {
    /** Lowest. */
    readonly min: number;
    /** Middle one, or between the two. */
    readonly median: number;
    /** Best. */
    readonly max: number;
  } | null;
  /** 95 % confidence interval of its best score; null when it has none. */
  readonly interval: readonly [low: number, high: number] | null;
  /** Wall time of all its trials. */
  readonly seconds: number;
  /** Largest of its trials. */
  readonly peak_bytes: number | null;
  /** What the search may draw; the number of epochs beside it, where the search learns that. */
  readonly space: Readonly<Record<string, Dimension>>;
}

/** How one trial did. */
export interface ReportedTrial {
  /** Position in the search, from 0. */
  readonly trial: number;
  /** Name as in the recipe. */
  readonly algorithm: string;
  /** `pruned`: stopped early, with the best score it had; `failed`: without a score. */
  readonly state: TrialOutcome["state"];
  /** Null when it has none. */
  readonly score: number | null;
  /** Wall time. */
  readonly seconds: number;
  /** Most kernel memory in use at once, the data included. */
  readonly peak_bytes: number | null;
  /** What was drawn, and the number of epochs that was best. */
  readonly params: Params;
  /** Why it has no score, or was stopped. */
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
    /** Share of all interactions that these have. */
    readonly interactions: number;
    /** Share of all places in lists that these have. */
    readonly recommendations: number;
  }[];
  /** Share of the items in some list, by the length of the lists. */
  readonly coverage: readonly {
    /** Length of the lists. */
    readonly length: number;
    /** Share of the items. */
    readonly items: number;
  }[];
}

/** How many there are of a number of interactions, `from` to `to`, both included. */
export interface ReportedActivity {
  /** Fewest interactions. */
  readonly from: number;
  /** Most interactions. */
  readonly to: number;
  /** How many have so many. */
  readonly count: number;
}

/** What was read. */
export interface ReportedData {
  /** All rows of the source. */
  readonly rows_read: number;
  /** Rows after cleansing. */
  readonly rows_kept: number;
  /** Rows dropped because they lack the id of a user or item. */
  readonly rows_without_id: number;
  /** Rows dropped as repeats of a user and item. */
  readonly rows_repeated: number;
  /** Which row of a user and item stayed. */
  readonly dedup: Recipe["cleansing"]["dedup"];
  /** Distinct users. */
  readonly users: number;
  /** Distinct items. */
  readonly items: number;
  /** Distinct pairs of user and item. */
  readonly pairs: number;
  /** Share of all pairs that there might be. */
  readonly density: number;
  /** First and last time, `YYYY-MM-DDThh:mm:ssZ`; null without a time column. */
  readonly period: readonly [first: string, last: string] | null;
  /** Items by the number of their users. */
  readonly items_by_users: readonly ReportedActivity[];
  /** Users by the number of their items. */
  readonly users_by_items: readonly ReportedActivity[];
  /** What the items' fields say; null without item metadata. */
  readonly item_fields:
    | readonly {
      /** Its name. */
      readonly field: string;
      /** Items of which it says nothing. */
      readonly missing: number;
    }[]
    | null;
}

/** An item in the life of a user. */
export interface ReportedItem {
  /** At most 120 characters of it. */
  readonly item_id: string;
  /** What a person calls it; null where there is no such field. */
  readonly title: ItemValue;
  /** Number of users who have it. */
  readonly users: number;
}

/** What one user has and is recommended. */
export interface ReportedSample {
  /** At most 120 characters of it. */
  readonly user_id: string;
  /** Number of items that the user has. */
  readonly items: number;
  /** Some of them, the latest first where there are times. */
  readonly has: readonly ReportedItem[];
  /** Best first. */
  readonly recommended: readonly (ReportedItem & { readonly score: number })[];
}
