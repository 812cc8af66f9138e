import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ALGORITHM_NAMES } from "../../../core/recipe/algorithm_names.ts";
import { recipeText, refusal } from "./_helpers.ts";

const REFUSED: readonly [string, Record<string, string>, string][] = [
  ["a missing name", { name: "" }, "Missing key name"],
  [
    "a whole number as name",
    { name: "name: 12" },
    ":1:7: Key name must be text, not 12",
  ],
  ["null as name", { name: "name:" }, ":1:1: Key name must be text, not null"],
  [
    "a name of 65 letters",
    { name: `name: ${"a".repeat(65)}` },
    "Key name must be 1 to 64 letters",
  ],
  [
    "a name with a line end",
    { name: 'name: "books\\n"' },
    "Key name must be 1 to 64 letters",
  ],
  [
    "a name with a slash",
    { name: "name: a/b" },
    "Key name must be 1 to 64 letters",
  ],
  ["no source", { source: "" }, "Missing key source"],
  [
    "a source without type",
    { source: "source: { path: x }" },
    "Missing key source.type: one of csv, parquet",
  ],
  [
    "a source that is a list",
    { source: "source: [csv]" },
    ":2:9: Key source must be a mapping whose type is one of csv, parquet, sql, bigquery, not a list",
  ],
  [
    "a source that is null",
    { source: "source:" },
    "Key source must be a mapping whose type is one of csv, parquet, sql, bigquery, not null",
  ],
  [
    "an unknown source type",
    { source: "source: { type: cvs, path: x }" },
    ':2:17: Unknown source type cvs: there are csv, parquet, sql, bigquery; did you mean "csv"?',
  ],
  [
    "a source type that is a number",
    { source: "source: { type: 1, path: x }" },
    "Key source.type must be one of csv, parquet, sql, bigquery, not 1",
  ],
  ["a key of another source", {
    source: "source: { type: parquet, path: x, delimiter: x }",
  }, 'Unknown key "delimiter" in source: there are type, path, sha256'],
  ["an upper-case digest", {
    source: `source: { type: csv, path: x, sha256: "${"A".repeat(64)}" }`,
  }, "Key source.sha256 must be 64 lower-case hex digits"],
  ["a digest of digits without quotes", {
    source: `source: { type: csv, path: x, sha256: ${"1".repeat(64)} }`,
  }, "Key source.sha256 must be text, not 1.1111"],
  ["a digest of several files", {
    source: `source: { type: csv, path: "x-*.csv", sha256: "${
      "a".repeat(64)
    }" }`,
  }, "Key source.sha256 must not be set for several files"],
  ["an empty delimiter", {
    source: 'source: { type: csv, path: x, delimiter: "" }',
  }, "Key source.delimiter must not be empty"],
  ["a negative header", {
    source: "source: { type: csv, path: x, header: -1 }",
  }, "Key source.header must be a whole number, at least 0, not -1"],
  [
    "a DSN in place of the name of its variable",
    {
      source:
        "source: { type: sql, dsn_env: 'mysql://u:p@h/d', query: SELECT 1 }",
    },
    "Key source.dsn_env must be the name of a variable, RECOTEM_RECIPE_ and",
  ],
  [
    "a blank query",
    {
      source: "source: { type: sql, dsn_env: RECOTEM_RECIPE_DB, query: ' ' }",
    },
    "Key source.query must not be empty",
  ],
  [
    "a list as a value of a query",
    {
      source:
        "source: { type: sql, dsn_env: RECOTEM_RECIPE_DB, query: x, query_parameters: { a: [1] } }",
    },
    "Key source.query_parameters.a must be text, a number or a truth value, not a list",
  ],
  [
    "a statement timeout of an hour",
    {
      source:
        "source: { type: sql, dsn_env: RECOTEM_RECIPE_DB, query: x, statement_timeout_seconds: 3600 }",
    },
    "Key source.statement_timeout_seconds must be a whole number, at least 1 and at most 1800, not 3600",
  ],
  [
    "no user column",
    { schema: "schema: { item_column: i }" },
    "Missing key schema.user_column",
  ],
  ["an unknown time unit", {
    schema: "schema: { user_column: u, item_column: i, time_unit: m }",
  }, "Key schema.time_unit must be one of s, ms, us, ns, not"],
  [
    "a split by user time without a time column",
    {
      training:
        "training: { algorithms: [TopPop], split: { scheme: time_user } }",
    },
    ":3:9: Key schema.time_column is needed by training.split.scheme time_user",
  ],
  ["a split by global time without a time column", {
    training:
      "training: { algorithms: [TopPop], split: { scheme: time_global } }",
  }, "Key schema.time_column is needed by training.split.scheme time_global"],
  [
    "2 as truth value",
    { cleansing: "cleansing: { drop_null_ids: 2 }" },
    "Key cleansing.drop_null_ids must be true or false, not 2",
  ],
  [
    "dedup sum_weight",
    { cleansing: "cleansing: { dedup: sum_weight }" },
    "Key cleansing.dedup must be one of keep_first, keep_last, none",
  ],
  [
    "a negative minimum",
    { cleansing: "cleansing: { min_rows: -1 }" },
    "Key cleansing.min_rows must be a whole number, at least 0, not -1",
  ],
  ["no metadata fields", {
    item_metadata: "item_metadata: { type: csv, path: x, fields: [] }",
  }, "Key item_metadata.fields must have at least one entry"],
  ["a blank item id column", {
    item_metadata:
      'item_metadata: { type: csv, path: x, fields: [a], item_id_column: " " }',
  }, "Key item_metadata.item_id_column must not be blank"],
  [
    "no algorithms",
    { training: "training: { n_trials: 3 }" },
    "Missing key training.algorithms",
  ],
  [
    "an empty list of algorithms",
    { training: "training: { algorithms: [] }" },
    "Key training.algorithms must have at least one entry",
  ],
  [
    "an unknown metric",
    { training: "training: { algorithms: [TopPop], metric: ngcd }" },
    'Key training.metric must be one of ndcg, map, recall, hit, not "ngcd"; did you mean "ndcg"?',
  ],
  [
    "strict arithmetic on a GPU",
    {
      training:
        "training: { algorithms: [TopPop], arithmetic: strict, device: auto }",
    },
    "Key training.device must be cpu when arithmetic is strict",
  ],
  [
    "an unknown device",
    { training: "training: { algorithms: [TopPop], device: cuda }" },
    'Key training.device must be one of auto, cpu, gpu, not "cuda"',
  ],
  ["true as whole number", {
    training: "training: { algorithms: [TopPop], cutoff: true }",
  }, "Key training.cutoff must be a whole number, at least 1, not true"],
  ["20.5 as whole number", {
    training: "training: { algorithms: [TopPop], cutoff: 20.5 }",
  }, ":4:43: Key training.cutoff must be a whole number, at least 1, not 20.5"],
  ["a cutoff of 0", {
    training: "training: { algorithms: [TopPop], cutoff: 0 }",
  }, "Key training.cutoff must be a whole number, at least 1, not 0"],
  ["null for a key with a default", {
    training: "training: { algorithms: [TopPop], cutoff: }",
  }, "Key training.cutoff must be a whole number, at least 1, not null"],
  ["a held-out ratio of 1", {
    training: "training: { algorithms: [TopPop], split: { heldout_ratio: 1 } }",
  }, "must be a number, more than 0 and less than 1, not 1"],
  ["a held-out ratio of 0", {
    training: "training: { algorithms: [TopPop], split: { heldout_ratio: 0 } }",
  }, "must be a number, more than 0 and less than 1, not 0"],
  ["a test user ratio above 1", {
    training:
      "training: { algorithms: [TopPop], split: { test_user_ratio: 1.5 } }",
  }, "must be a number, more than 0 and at most 1, not 1.5"],
  ["a test ratio of 1", {
    training: "training: { algorithms: [TopPop], split: { test_ratio: 1 } }",
  }, "must be a number, at least 0 and less than 1, not 1"],
  ["a drop in per cent", {
    training: "training: { algorithms: [TopPop], gate: { max_drop: 5 } }",
  }, "gate.max_drop must be a number, at least 0 and at most 1, not 5"],
  ["a ratio that is no number", {
    training:
      "training: { algorithms: [TopPop], split: { heldout_ratio: .nan } }",
  }, "must be a number, more than 0 and less than 1, not NaN"],
  [
    "an empty output path",
    { output: 'output: { path: "" }' },
    "Key output.path must not be empty",
  ],
  [
    "fewer than one version to keep",
    { output: "output: { path: x, keep: 0 }" },
    "Key output.keep must be a whole number, at least 1",
  ],
  [
    "versions to keep where there is one file",
    { output: "output: { path: x, versioning: always_overwrite, keep: 3 }" },
    "Key output.keep must be null when versioning is always_overwrite",
  ],
  [
    "an unknown versioning",
    { output: "output: { path: x, versioning: both }" },
    "Key output.versioning must be one of append_sha, always_overwrite",
  ],
];

for (const [what, blocks, words] of REFUSED) {
  Deno.test(`parseRecipe() refuses ${what}`, async () => {
    assertStringIncludes((await refusal(recipeText(blocks))).message, words);
  });
}

Deno.test("parseRecipe() says where an unknown key is and which one was meant", async () => {
  const error = await refusal(recipeText({
    training: "traning: { algorithms: [TopPop] }",
  }));
  assertEquals(
    error.message,
    'r.yaml:4:1: Unknown key "traning"; did you mean "training"?',
  );
  assertEquals(error.details, {
    line: 4,
    column: 1,
    error_class: "schema",
    problems: [error.message],
  });
});

Deno.test("parseRecipe() counts further problems and lists them all in the details", async () => {
  const error = await refusal(recipeText({
    training:
      "training: { algorithms: [TopPop], cutoff: 0, n_trails: 3, metric: x }",
  }));
  assert(error.message.endsWith(
    'Unknown key "n_trails" in training; did you mean "n_trials"? (and 2 more problems)',
  ));
  assertEquals((error.details.problems as string[]).length, 3);
});

Deno.test("parseRecipe() refuses unknown algorithms with their own code", async () => {
  const unknown = await refusal(recipeText({
    training: "training:\n  algorithms:\n    - TopPop\n    - IASL",
  }));
  assertEquals(unknown.code, "unknown_algorithm");
  assertEquals(
    unknown.message,
    `r.yaml:7:7: Key training.algorithms[1] is no known algorithm: there are ${
      ALGORITHM_NAMES.map(({ name }) => name).join(", ")
    }; did you mean "IALS"?`,
  );
  for (const budget of ["{ P4alpha: 1 }", "{ IALS: 1 }"]) {
    const error = await refusal(recipeText({
      training:
        `training: { algorithms: [TopPop], per_algorithm_trials: ${budget} }`,
    }));
    assertEquals(error.code, "unknown_algorithm_in_budget");
  }
});

Deno.test("parseRecipe() reports by stage: type, variables, name, paths, source, the rest, pins", async () => {
  const stages: [string, Record<string, string>][] = [
    ["Unknown source type", {
      source: "source: { type: x, path: http://h/x, header: x }",
    }],
    ["Variable RECOTEM_RECIPE_GONE", {
      source: "source: { type: csv, path: http://h/x, header: x }",
      schema: "schema: { user_column: '${RECOTEM_RECIPE_GONE}' }",
    }],
    ["Key name", { schema: "schema: { user_column: u }" }],
    ["Key output.path", { name: "name: books" }],
    ["Key source.header", { output: "output: { path: x }" }],
    ["Missing key schema.item_column", {
      source: "source: { type: csv, path: http://h/x }",
    }],
    ["Key source.sha256 is missing", {
      schema: "schema: { user_column: u, item_column: i }",
    }],
  ];
  const blocks: Record<string, string> = {
    name: "name: a b",
    output: "output: { path: ftp://h/x }",
  };
  for (const [words, change] of stages) {
    Object.assign(blocks, change);
    assertStringIncludes((await refusal(recipeText(blocks))).message, words);
  }
});
