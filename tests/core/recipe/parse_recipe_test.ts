import { assertEquals, assertStringIncludes } from "@std/assert";
import { parse, recipeText, refusal } from "./_helpers.ts";

const DIGEST = "a".repeat(64);

Deno.test("parseRecipe() fills in every default", async () => {
  assertEquals(await parse(recipeText()), {
    name: "books",
    source: {
      type: "csv",
      path: "loans.csv",
      delimiter: ",",
      encoding: "utf-8",
      header: 0,
      dtype: null,
      sha256: null,
    },
    schema: {
      user_column: "reader",
      item_column: "book",
      time_column: null,
      time_unit: null,
    },
    cleansing: {
      drop_null_ids: true,
      dedup: "keep_last",
      min_rows: null,
      min_users: null,
      min_items: null,
    },
    item_metadata: null,
    training: {
      algorithms: ["TopPop"],
      metric: "ndcg",
      cutoff: 20,
      n_trials: 40,
      per_algorithm_trials: null,
      per_trial_timeout_seconds: null,
      timeout_seconds: null,
      parallelism: 1,
      device: "cpu",
      arithmetic: "fast",
      storage_path: "",
      split: {
        scheme: "random",
        heldout_ratio: 0.1,
        test_user_ratio: 1,
        test_ratio: 0,
        seed: 42,
      },
      gate: { min_score: null, max_drop: null },
      weights: { top_k: "auto", precision: "auto" },
    },
    serving: {
      limit: null,
      fallback: null,
      include_seen: null,
      filter: null,
      diversity: null,
      boosts: null,
    },
    output: {
      path: "books.recotem",
      versioning: "append_sha",
      keep: null,
      report: true,
    },
  });
});

Deno.test("parseRecipe() keeps every key that is given", async () => {
  const recipe = await parse(recipeText({
    source:
      `source: { type: parquet, path: loans.parquet, sha256: "${DIGEST}" }`,
    schema:
      "schema: { user_column: u, item_column: i, time_column: t, time_unit: ms }",
    training: `training:
  algorithms: [IALS, CosineKNN]
  metric: hit
  cutoff: 5
  n_trials: 7
  per_algorithm_trials: { IALS: 3 }
  per_trial_timeout_seconds: 8
  timeout_seconds: 9
  parallelism: 2
  device: auto
  storage_path: study.db
  split: { scheme: time_global, heldout_ratio: 0.25, test_user_ratio: 0.5, test_ratio: 0.2, seed: -1 }
  gate: { min_score: 0.1, max_drop: "0.05" }`,
    cleansing:
      "cleansing: { drop_null_ids: false, dedup: none, min_rows: 1, min_users: 2, min_items: 0 }",
    item_metadata:
      "item_metadata: { type: csv, path: m.csv, fields: [title], item_id_column: id }",
    output:
      "output: { path: out/b.recotem, versioning: always_overwrite, report: no }",
  }));
  assertEquals(recipe.source, {
    type: "parquet",
    path: "loans.parquet",
    sha256: DIGEST,
  });
  assertEquals(recipe.schema.time_unit, "ms");
  assertEquals(recipe.cleansing.min_items, 0);
  assertEquals(recipe.item_metadata?.item_id_column, "id");
  assertEquals(recipe.item_metadata?.on_field_missing, "error");
  assertEquals(recipe.training.split.seed, -1);
  assertEquals(recipe.training.split.test_ratio, 0.2);
  assertEquals(recipe.training.gate, { min_score: 0.1, max_drop: 0.05 });
  assertEquals(recipe.training.per_algorithm_trials, { IALS: 3 });
  assertEquals(recipe.training.device, "auto");
  assertEquals(recipe.output.versioning, "always_overwrite");
  assertEquals(recipe.output.report, false);
});

Deno.test("parseRecipe() takes how many weights are kept, and refuses all of them in less than single precision", async () => {
  const weights = async (text: string) =>
    (await parse(recipeText({
      training: `training: { algorithms: [TopPop], weights: ${text} }`,
    }))).training.weights;
  assertEquals(await weights("{ top_k: '50' }"), {
    top_k: 50,
    precision: "auto",
  });
  assertEquals(await weights("{ precision: int8 }"), {
    top_k: "auto",
    precision: "int8",
  });
  assertEquals(await weights("{ top_k: all, precision: f32 }"), {
    top_k: "all",
    precision: "f32",
  });
  for (
    const [text, message] of [
      [
        "{ top_k: some }",
        'must be auto, all or a whole number, at least 1, not "some"',
      ],
      [
        "{ top_k: 0 }",
        "must be a whole number, at least 1, not 0",
      ],
      [
        "{ top_k: all, precision: f16 }",
        "precision must be f32 when top_k is all",
      ],
      [
        "{ precision: f8 }",
        'precision must be one of auto, f32, f16, int8, not "f8"',
      ],
    ] as const
  ) {
    const error = await refusal(recipeText({
      training: `training: { algorithms: [TopPop], weights: ${text} }`,
    }));
    assertStringIncludes(error.message, message);
  }
});

Deno.test("parseRecipe() reads scalars leniently", async () => {
  const cutoff = async (text: string) =>
    (await parse(recipeText({
      training: `training: { algorithms: [TopPop], cutoff: ${text} }`,
    }))).training.cutoff;
  assertEquals(await cutoff('"20"'), 20);
  assertEquals(await cutoff("20.0"), 20);
  assertEquals(await cutoff('"1_000"'), 1000);
  assertEquals(await cutoff("1_000"), 1000);
  const ratio = async (text: string) =>
    (await parse(recipeText({
      training:
        `training: { algorithms: [TopPop], split: { heldout_ratio: ${text} } }`,
    }))).training.split.heldout_ratio;
  assertEquals(await ratio('"0.5"'), 0.5);
  assertEquals(await ratio("5e-1"), 0.5);
  assertEquals(await ratio('".5"'), 0.5);
  for (const word of ["true", "yes", "ON", '"1"', "1", "True"]) {
    const { cleansing } = await parse(
      recipeText({ cleansing: `cleansing: { drop_null_ids: ${word} }` }),
    );
    assertEquals(cleansing.drop_null_ids, true, word);
  }
  for (const word of ["false", "no", "Off", '"0"', "0"]) {
    const { cleansing } = await parse(
      recipeText({ cleansing: `cleansing: { drop_null_ids: ${word} }` }),
    );
    assertEquals(cleansing.drop_null_ids, false, word);
  }
});

Deno.test("parseRecipe() takes null with and without quotes for on_field_missing", async () => {
  for (const word of ["null", '"null"', "~"]) {
    const { item_metadata } = await parse(recipeText({
      item_metadata:
        `item_metadata: { type: csv, path: m.csv, fields: [t], on_field_missing: ${word} }`,
    }));
    assertEquals(item_metadata?.on_field_missing, "null");
  }
});

Deno.test("parseRecipe() makes algorithm names canonical and drops repeats", async () => {
  const { training } = await parse(recipeText({
    training:
      "training: { algorithms: [cosineknn, CosinekNNRecommender, rp3BETA, iALSRecommender, toppop], per_algorithm_trials: { ialsrecommender: 2, TOPPOP: -4 } }",
  }));
  assertEquals(training.algorithms, ["CosineKNN", "RP3beta", "IALS", "TopPop"]);
  assertEquals(training.per_algorithm_trials, { IALS: 2, TopPop: 0 });
});

/** What is wrong → words of the message, with its line and column. */
Deno.test("parseRecipe() fills in the defaults of a query to a database", async () => {
  const { source } = await parse(recipeText({
    source:
      "source: { type: sql, dsn_env: RECOTEM_RECIPE_DB, query: SELECT 1 }",
  }));
  assertEquals(source, {
    type: "sql",
    dsn_env: "RECOTEM_RECIPE_DB",
    query: "SELECT 1",
    query_parameters: {},
    connect_timeout_seconds: 10,
    statement_timeout_seconds: 300,
  });
});
