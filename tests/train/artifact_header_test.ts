import { assertEquals } from "@std/assert";
import { VERSION } from "../../core/config/version.ts";
import { parseRecipe } from "../../core/recipe/parse_recipe.ts";
import { artifactHeader } from "../../train/artifact_header.ts";
import { scored, trial } from "./fixture.ts";

const RECIPE = await parseRecipe(
  `
name: books
source: { type: csv, path: loans.csv }
schema: { user_column: reader, item_column: book }
cleansing: { dedup: keep_first }
training:
  algorithms: [TopPop, IALS]
  metric: recall
  cutoff: 7
  split: { seed: 5 }
output: { path: books.recotem }
`,
  { path: "books.yaml", env: new Map() },
);

Deno.test("artifactHeader() says what was trained, on what, and how the best trial was found", () => {
  const trials = [
    trial({ number: 0, algorithm: "TopPop", score: 0.2 }),
    trial({ number: 1, score: null, state: "failed" }),
    trial({ number: 2, score: 0.3, state: "pruned" }),
    trial({
      number: 3,
      evaluation: {
        recall: 0.25,
        ndcg: 0.9,
        novelty: 3.5,
        gini: 0.75,
        interval: [0.2, 0.3],
      },
      params: { n_components: 8 },
      epochs: 15,
    }),
  ];
  const header = artifactHeader(
    RECIPE,
    { best: trials[3]!, trials },
    { rows: 400, users: 40, items: 24, dropped: 3, withoutId: 1 },
    {
      recipeHash: "ab".repeat(32),
      engine: "typescript",
      modelKind: "factors",
      settled: { neighbours: 256 },
      kept: null,
      popularity: scored(0.1),
      test: null,
      trainedAt: new Date("2026-11-02T03:04:05.678Z"),
    },
  );
  assertEquals(header, {
    recipe_name: "books",
    recipe_hash: "ab".repeat(32),
    recotem_version: VERSION,
    engine: "typescript",
    model_kind: "factors",
    trained_at: "2026-11-02T03:04:05Z",
    sequence: 1793588645678,
    best_class: "IALSRecommender",
    best_params: { n_components: 8, train_epochs: 15, neighbours: 256 },
    best_score: 0.25,
    best_score_interval: [0.2, 0.3],
    metric: "recall",
    cutoff: 7,
    metrics: {
      ndcg: 0.9,
      map: 0.5,
      recall: 0.25,
      hit: 0.5,
      users: 1,
      coverage: 1,
      novelty: 3.5,
      gini: 0.75,
      popularity_score: 0.1,
    },
    split: {
      scheme: "random",
      heldout_ratio: 0.1,
      test_user_ratio: 1,
      test_ratio: 0,
    },
    tuning: {
      tried_algorithms: ["TopPop", "IALS"],
      n_trials: 4,
      n_completed: 2,
      n_orphaned: 0,
      best_trial_number: 3,
      search_seed: 5,
    },
    data_stats: {
      n_rows: 400,
      n_users: 40,
      n_items: 24,
      drop_count: 3,
      dedup_policy: "keep_first",
    },
  });
});
