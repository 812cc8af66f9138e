import type { HeaderFields } from "../artifact/header.ts";
import { VERSION } from "../core/config/version.ts";
import type { Recipe } from "../core/recipe/recipe.ts";
import type { DataStats } from "./data/interactions.ts";
import type { KeptScore } from "./choose_weights.ts";
import type { SearchResult } from "./search/search.ts";
import { className, countCompleted, learntParams } from "./search/trial.ts";

/** What only the run knows. */
export interface RunFacts {
  readonly recipeHash: string;
  readonly engine: string;
  readonly modelKind: string;
  /** Parameters that the fit settled by the shape of its matrix. */
  readonly settled: Readonly<Record<string, unknown>>;
  readonly trainedAt: Date;
  /** What was kept of a dense model, null for models of other kinds. */
  readonly kept: KeptScore | null;
}

/** What the artifact says of itself. */
export function artifactHeader(
  recipe: Recipe,
  { best, trials }: SearchResult,
  stats: DataStats,
  run: RunFacts,
): HeaderFields {
  const { metric, cutoff, split } = recipe.training;
  const { kept } = run;
  return {
    recipe_name: recipe.name,
    recipe_hash: run.recipeHash,
    recotem_version: VERSION,
    engine: run.engine,
    model_kind: run.modelKind,
    trained_at: `${run.trainedAt.toISOString().slice(0, 19)}Z`,
    best_class: className(best),
    best_params: { ...learntParams(best), ...run.settled },
    best_score: kept?.score ?? best.evaluation![metric],
    metric,
    cutoff,
    ...(kept && {
      weights: {
        top_k: kept.format.topK,
        per: kept.format.per,
        precision: kept.format.precision,
        full_score: kept.fullScore,
      },
    }),
    tuning: {
      tried_algorithms: [
        ...new Set(trials.map(({ algorithm }) => algorithm.name)),
      ],
      n_trials: trials.length,
      n_completed: countCompleted(trials),
      n_orphaned: 0,
      best_trial_number: best.number,
      search_seed: split.seed,
    },
    data_stats: {
      n_rows: stats.rows,
      n_users: stats.users,
      n_items: stats.items,
      drop_count: stats.dropped,
      dedup_policy: recipe.cleansing.dedup,
    },
  };
}
