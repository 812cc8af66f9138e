/**
 * The recipe's schema: types, defaults, validation, descriptions and JSON Schema come from here.
 *
 * @module
 */
import { z } from "zod";
import { didYouMean } from "../config/did_you_mean.ts";
import type { ErrorCode } from "../errors.ts";
import { boolean, integer, number } from "./_scalars.ts";
import { ALGORITHM_NAMES, canonicalAlgorithm } from "./algorithm_names.ts";
import type { PluginSource, Recipe, SourceConfig, Training } from "./recipe.ts";
import { SERVING_SCHEMA, servingFields } from "./serving_schema.ts";

/** What a recipe's `source.type` may be. */
export const SOURCE_TYPES: readonly string[] = [
  "csv",
  "parquet",
  "sql",
  "bigquery",
];

const RECIPE_NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** Whether a text may be a recipe's name, and so part of a file name or URL. */
export function isRecipeName(text: string): boolean {
  return RECIPE_NAME.test(text);
}

const path = z.string().min(1);
const column = z.string().min(1);
const minimum = integer(z.int().min(0)).nullable().default(null);
const seconds = integer(z.int().min(1)).nullable().default(null);
const sha256 = z.string().regex(
  /^[0-9a-f]{64}$/,
  "must be 64 lower-case hex digits, in quotes",
).nullable().default(null);

const FILES = "Path or URI of the file; a * in its name stands for several";

const csvSource = z.strictObject({
  type: z.literal("csv").describe("Delimited text"),
  path: path.describe(FILES),
  delimiter: z.string().min(1).default(",").describe("Between fields"),
  encoding: z.string().min(1).default("utf-8").describe("Character encoding"),
  header: integer(z.int().min(0)).default(0)
    .describe("Index of the row with the column names"),
  dtype: z.record(z.string(), z.string()).nullable().default(null)
    .describe("Column to type; str keeps leading zeros"),
  sha256: sha256.describe("Digest of the file; required for http and https"),
});

const parquetSource = z.strictObject({
  type: z.literal("parquet").describe("A Parquet file"),
  path: path.describe(FILES),
  sha256: sha256.describe("Digest of the file; required for http and https"),
});

const query = z.string().regex(/\S/, "must not be empty");

const sqlSource = z.strictObject({
  type: z.literal("sql").describe("A query to PostgreSQL, MySQL or SQLite"),
  dsn_env: z.string().regex(
    /^RECOTEM_RECIPE_[A-Z0-9_]+$/,
    "must be the name of a variable, RECOTEM_RECIPE_ and capitals, digits or _",
  ).describe("Name of the variable that holds the DSN"),
  query: query.describe("One statement; values stand in it as :name"),
  query_parameters: z.record(
    z.string(),
    z.union([z.string(), z.number(), z.boolean()], {
      error: "must be text, a number or a truth value",
    }),
  ).default({}).describe("Name in the query to value"),
  connect_timeout_seconds: integer(z.int().min(1).max(60)).default(10)
    .describe("Longest wait for the connection"),
  statement_timeout_seconds: integer(z.int().min(1).max(1800)).default(300)
    .describe("Longest run of the query"),
});

const bigQuerySource = z.strictObject({
  type: z.literal("bigquery").describe("A query to BigQuery"),
  query: query.describe("One statement; values stand in it as @name"),
  query_parameters: z.record(z.string(), z.unknown()).nullable().default(null)
    .describe("Name in the query to value: text, number or truth value"),
  project: z.string().min(1).nullable().default(null)
    .describe("Project that pays; default: that of the credentials"),
  maximum_bytes_billed: integer(z.int().min(1)).nullable().default(null)
    .describe("Most bytes that the query may be charged for"),
});

const pluginSource = z.looseObject({ type: z.string() })
  .transform(({ type: name, ...options }): PluginSource => ({
    type: "plugin",
    name,
    options,
  }));

const columns = z.strictObject({
  user_column: column.describe("Column of user ids"),
  item_column: column.describe("Column of item ids"),
  time_column: column.nullable().default(null)
    .describe("Column of times; required by the splits by time"),
  time_unit: z.enum(["s", "ms", "us", "ns"]).nullable().default(null)
    .describe("Unit of a numeric time column, counted from 1970"),
});

const cleansing = z.strictObject({
  drop_null_ids: boolean().default(true)
    .describe("Drop rows without a user or item id"),
  dedup: z.enum(["keep_first", "keep_last", "none"]).default("keep_last")
    .describe("Which row of a user and item stays, in the order of the source"),
  min_rows: minimum.describe("Fewest rows that must remain"),
  min_users: minimum.describe("Fewest users that must remain"),
  min_items: minimum.describe("Fewest items that must remain"),
});

const itemMetadata = z.strictObject({
  type: z.enum(["csv", "parquet"]).describe("Format of the file"),
  path: path.describe("Path or URI of the file"),
  sha256: sha256.describe("Digest of the file; required for http and https"),
  fields: z.array(column).min(1)
    .describe("Columns that are answered beside each item"),
  on_field_missing: z.preprocess(
    // The word null without quotes is YAML's null.
    (value) => value === null ? "null" : value,
    z.enum(["error", "null"]),
  ).default("error").describe(
    "What a missing column does: stop training, or be answered as null",
  ),
  item_id_column: z.string().regex(/\S/, "must not be blank").default("item_id")
    .describe("Column of item ids"),
});

const algorithms = z.array(z.string()).min(1).transform((names, context) => {
  const canonical = names.map((name, i) =>
    canonicalAlgorithm(name) ?? refuseAlgorithm(context, [i], name)
  );
  return [...new Set(canonical)];
});

const split = z.strictObject({
  scheme: z.enum(["random", "time_user", "time_global"]).default("random")
    .describe("How interactions are held out"),
  heldout_ratio: number(z.number().gt(0).lt(1)).default(0.1)
    .describe("Share of interactions held out, between 0 and 1"),
  test_user_ratio: number(z.number().gt(0).max(1)).default(1)
    .describe("Share of users who are tested, above 0, at most 1"),
  test_ratio: number(z.number().min(0).lt(1)).default(0).describe(
    "Share that no trial sees, to score the best model on once: of the users, or by time_global of the time",
  ),
  seed: integer().default(42).describe("Seed of the split and the search"),
});

const weights = z.strictObject({
  top_k: z.union([integer(z.int().min(1)), z.enum(["auto", "all"])], {
    error: "must be auto, all or a whole number, at least 1",
  }).default("auto").describe(
    "Weights kept per item, the largest: a number, all, or auto, as few as are within 0.5 % of the best number",
  ),
  precision: z.enum(["auto", "f32", "f16", "int8"]).default("auto")
    .describe("Type of the weights kept; auto: f16, or f32 where all are kept"),
}).superRefine(({ top_k, precision }, context) => {
  if (top_k === "all" && precision !== "auto" && precision !== "f32") {
    context.addIssue({
      code: "custom",
      path: ["precision"],
      message: "must be f32 when top_k is all",
    });
  }
});

const share = number(z.number().min(0).max(1)).nullable().default(null);

const gate = z.strictObject({
  min_score: share.describe("Lowest score that is published"),
  max_drop: share.describe(
    "Share of the published artifact's score that a new one may lose: 0.05 is 5 %",
  ),
});

const training = z.strictObject({
  algorithms: algorithms.describe(
    `What is tried: ${ALGORITHM_NAMES.map(({ name }) => name).join(", ")}`,
  ),
  metric: z.enum(["ndcg", "map", "recall", "hit"]).default("ndcg")
    .describe("What the search maximises"),
  cutoff: integer(z.int().min(1)).default(20)
    .describe("Depth of the lists that are scored"),
  n_trials: integer(z.int().min(1)).default(40)
    .describe("Trials of all algorithms together"),
  per_algorithm_trials: z.record(z.string(), integer()).nullable().default(null)
    .describe("Trials of single algorithms; 0 leaves one out"),
  per_trial_timeout_seconds: seconds.describe("Longest trial"),
  timeout_seconds: seconds.describe("Longest search"),
  parallelism: integer(z.int().min(1)).default(1).describe("Trials at once"),
  device: z.enum(["auto", "cpu", "gpu"]).default("cpu").describe(
    "Where dense matrices are computed; auto takes the processor where there is no GPU",
  ),
  arithmetic: z.enum(["fast", "strict"]).default("fast").describe(
    "How products are rounded: as the processor does it best, or the same on every machine",
  ),
  storage_path: z.string().default("")
    .describe(
      "Where trials are kept: empty for memory, a .journal, an SQLite file, postgresql://host/database",
    ),
  split: split.prefault({}).describe("How a trial is scored"),
  weights: weights.prefault({})
    .describe("What is kept of models with a weight for every pair of items"),
  gate: gate.prefault({})
    .describe("How good a model must be to be published"),
}).superRefine(({ arithmetic, device }, context) => {
  if (arithmetic === "strict" && device !== "cpu") {
    context.addIssue({
      code: "custom",
      path: ["device"],
      message: "must be cpu when arithmetic is strict",
    });
  }
}).transform((value, context): Training => ({
  ...value,
  per_algorithm_trials: value.per_algorithm_trials === null
    ? null
    : readBudget(value.per_algorithm_trials, value.algorithms, context),
}));

const output = z.strictObject({
  path: path.describe("Path or URI of the artifact, or of its pointer"),
  versioning: z.enum(["append_sha", "always_overwrite"]).default("append_sha")
    .describe("A new file for each model and a pointer to it, or one file"),
  keep: integer(z.int().min(1)).nullable().default(null).describe(
    "Versions that stay after a publication, the new one among them; null keeps all",
  ),
  report: boolean().default(true).describe(
    "Write a report of the training beside the artifact; it names a few users and what they have",
  ),
}).superRefine(({ versioning, keep }, context) => {
  if (versioning === "always_overwrite" && keep !== null) {
    context.addIssue({
      code: "custom",
      path: ["keep"],
      message: "must be null when versioning is always_overwrite",
    });
  }
});

/** Turns a parsed document into a {@linkcode Recipe}, defaults filled in. */
export const RECIPE_SCHEMA: z.ZodType<Recipe> = recipeSchema(
  z.discriminatedUnion("type", [
    csvSource,
    parquetSource,
    sqlSource,
    bigQuerySource,
  ]),
);

/** The same for a recipe whose source a plugin reads; its block may hold any keys. */
export const PLUGIN_RECIPE_SCHEMA: z.ZodType<Recipe> = recipeSchema(
  pluginSource,
);

function recipeSchema(source: z.ZodType<SourceConfig>): z.ZodType<Recipe> {
  return z.strictObject({
    name: z.string().regex(
      RECIPE_NAME,
      "must be 1 to 64 letters, digits, _ or -",
    ).describe("Name of the model, as in the URL that serves it"),
    source: source.describe("Where the interactions come from"),
    schema: columns.describe("Which columns hold what"),
    cleansing: cleansing.prefault({}).describe("What is removed first"),
    item_metadata: itemMetadata.nullable().default(null)
      .describe("Item fields to answer beside each item"),
    training: training.describe("What is searched, and for how long"),
    output: output.describe("Where the artifact goes"),
    serving: SERVING_SCHEMA.prefault({})
      .describe("What requests ask for where they do not say"),
  }).superRefine(({ schema, training, item_metadata, serving }, context) => {
    for (const { path, field } of servingFields(serving)) {
      if (item_metadata?.fields.includes(field)) continue;
      context.addIssue({
        code: "custom",
        path: ["serving", ...path],
        message: "names a field that item_metadata.fields does not",
      });
    }
    const { scheme } = training.split;
    if (scheme !== "random" && schema.time_column === null) {
      context.addIssue({
        code: "custom",
        path: ["schema", "time_column"],
        message: `is needed by training.split.scheme ${scheme}`,
      });
    }
  });
}

function readBudget(
  trials: Readonly<Record<string, number>>,
  algorithms: readonly string[],
  context: z.RefinementCtx,
): Record<string, number> {
  const budget: Record<string, number> = {};
  for (const [spelling, count] of Object.entries(trials)) {
    const path = ["per_algorithm_trials", spelling];
    const name = canonicalAlgorithm(spelling);
    if (name === null) {
      refuseAlgorithm(context, path, spelling, "unknown_algorithm_in_budget");
    } else if (!algorithms.includes(name)) {
      context.addIssue({
        code: "custom",
        path,
        message: "names an algorithm that training.algorithms does not",
        params: { code: "unknown_algorithm_in_budget" },
      });
    } else if (Object.hasOwn(budget, name)) {
      context.addIssue({
        code: "custom",
        path,
        message: `names ${name} a second time`,
      });
    } else {
      budget[name] = Math.max(0, count);
    }
  }
  return budget;
}

function refuseAlgorithm(
  context: z.RefinementCtx,
  path: (string | number)[],
  spelling: string,
  code: ErrorCode = "unknown_algorithm",
): never {
  const names = ALGORITHM_NAMES.map(({ name }) => name);
  context.addIssue({
    code: "custom",
    path,
    message: `is no known algorithm: there are ${names.join(", ")}${
      didYouMean(spelling.replace(/recommender$/i, ""), names)
    }`,
    params: { code },
  });
  return z.NEVER;
}
