/**
 * Recipe-driven recommendations: a recipe is trained into one signed artifact, and an artifact answers what a user is
 * most likely to want next.
 *
 * The command line does the same in processes that may touch only what the recipe names; `deno run -A jsr:@recotem/core/cli`.
 *
 * @example Train a model, open it and recommend
 * ```ts
 * import { KeyRing, openRecommender, parseRecipe, train } from "@recotem/core";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const loans = [
 *   "ann,emma", "ann,persuasion", "bob,emma", "bob,persuasion", "bob,ivanhoe",
 *   "cat,emma", "cat,ivanhoe", "dan,persuasion", "dan,ivanhoe", "dan,waverley",
 * ];
 * await Deno.writeTextFile(`${folder}/loans.csv`, ["reader,book", ...loans].join("\n"));
 *
 * const recipe = await parseRecipe(`
 * name: books
 * source: { type: csv, path: ${folder}/loans.csv }
 * schema: { user_column: reader, item_column: book }
 * training:
 *   algorithms: [TopPop]
 *   split: { heldout_ratio: 0.5 }
 * output: { path: ${folder}/books.recotem }
 * `, { path: "books.yaml", env: Deno.env });
 *
 * const keys = KeyRing.parse(`shop:${crypto.getRandomValues(new Uint8Array(32)).toHex()}`);
 * await train(recipe, { keys });
 *
 * const { recommender } = await openRecommender(recipe.output.path, { keys });
 * const cat = recommender.users.indexOf("cat");
 * const { items } = recommender.recommend(cat, { limit: 1 });
 * assertEquals(Array.from(items, (item) => recommender.items.id(item)), ["persuasion"]);
 * ```
 *
 * @module
 */
export * from "./core/errors.ts";
export type * from "./core/config/environment.ts";
export type * from "./core/config/events.ts";
export * from "./core/config/create_events.ts";
export type * from "./core/recipe/recipe.ts";
export * from "./core/recipe/parse_recipe.ts";
export * from "./core/recipe/load_recipe.ts";
export * from "./core/recipe/recipe_hash.ts";
export * from "./core/recipe/recipe_json_schema.ts";
export * from "./core/recipe/permissions.ts";
export * from "./core/recipe/permission_flags.ts";
export type * from "./core/storage/store.ts";
export type { UriPermissions } from "./core/storage/uri_permissions.ts";
export * from "./core/storage/create_store.ts";
export * from "./core/storage/stores_from_env.ts";
export type * from "./core/kernels/csr.ts";
export type * from "./core/kernels/dense_kernels.ts";
export type * from "./core/kernels/compact_csr.ts";
export type * from "./core/kernels/kernels.ts";
export type * from "./core/kernels/triangle_kernels.ts";
export * from "./core/kernels/symmetric_tiles.ts";
export type * from "./core/kernels/learning_kernels.ts";
export type * from "./core/kernels/random.ts";
export * from "./core/kernels/create_kernels.ts";
export * from "./core/kernels/create_random.ts";
export type * from "./core/models/model.ts";
export * from "./core/models/id_map.ts";
export * from "./core/models/item_table.ts";
export type * from "./core/models/item_value.ts";
export type * from "./core/models/item_filter.ts";
export * from "./core/models/match_items.ts";
export type * from "./core/models/recommend_options.ts";
export type * from "./core/models/seen_matrix.ts";
export * from "./core/models/recommender.ts";
export type * from "./artifact/artifact_caps.ts";
export type * from "./artifact/header.ts";
export type * from "./artifact/load_options.ts";
export type * from "./artifact/verify_options.ts";
export * from "./artifact/key_ring.ts";
export * from "./artifact/publish_artifact.ts";
export * from "./artifact/prune_versions.ts";
export * from "./artifact/inspect_artifact.ts";
export type * from "./algorithms/algorithm.ts";
export * from "./algorithms/mod.ts";
export * from "./train/train.ts";
export { joinSearch } from "./train/join_search.ts";
export {
  type JoinOptions,
  randomRunId,
  type TrainOptions,
} from "./train/train_options.ts";
export type * from "./train/leaderboard.ts";
export type * from "./train/report/report.ts";
export type { ReportFiles } from "./train/report/write_report.ts";
export type * from "./train/search/trial.ts";
export type { StorageCredentials } from "./train/search/database/open_postgresql.ts";
export type { SearchResult } from "./train/search/search.ts";
export type { TrialOutcome } from "./train/search/trial_job.ts";
export type * from "./train/evaluate.ts";
export type * from "./train/list_diversity.ts";
export type * from "./train/measurement.ts";
export type { ScoreInterval } from "./train/bootstrap_interval.ts";
export type { TestScore } from "./train/test_score.ts";
export type * from "./train/search/draw.ts";
export type * from "./train/data/data_source.ts";
export type * from "./train/data/data_source_plugin.ts";
export type * from "./train/data/source_dependencies.ts";
export * from "./serve/open_recommender.ts";
