import type { HeaderFields, HeaderMetrics } from "../artifact/header.ts";
import { VERSION } from "../core/config/version.ts";
import type { Recipe, Training } from "../core/recipe/recipe.ts";
import type { DataStats } from "./data/interactions.ts";
import type { KeptScore } from "./choose_weights.ts";
import type { Measurement } from "./measurement.ts";
import type { TestScore } from "./test_score.ts";
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
  /** Of the list of the most popular items, where the trials were scored. */
  readonly popularity: Measurement;
  /** Null when nothing was set aside for it. */
  readonly test: TestScore | null;
}

/** What the artifact says of itself. */
export function artifactHeader(
  recipe: Recipe,
  { best, trials }: SearchResult,
  stats: DataStats,
  run: RunFacts,
): HeaderFields {
  const { metric, cutoff, split } = recipe.training;
  const { kept, popularity, test } = run;
  const evaluation = kept?.evaluation ?? best.evaluation!;
  return {
    recipe_name: recipe.name,
    recipe_hash: run.recipeHash,
    recotem_version: VERSION,
    engine: run.engine,
    model_kind: run.modelKind,
    trained_at: `${run.trainedAt.toISOString().slice(0, 19)}Z`,
    sequence: run.trainedAt.getTime(),
    best_class: className(best),
    best_params: { ...learntParams(best), ...run.settled },
    best_score: evaluation[metric],
    best_score_interval: evaluation.interval,
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
    metrics: headerMetrics(evaluation, popularity, metric),
    ...(test && {
      test_score: test.best[metric],
      test_score_interval: test.best.interval,
      test_metrics: headerMetrics(test.best, test.popularity, metric),
    }),
    split: {
      scheme: split.scheme,
      heldout_ratio: split.heldout_ratio,
      test_user_ratio: split.test_user_ratio,
      test_ratio: split.test_ratio,
    },
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

function headerMetrics(
  measured: Measurement,
  popularity: Measurement,
  metric: Training["metric"],
): HeaderMetrics {
  const { ndcg, map, recall, hit, users, coverage, novelty, gini } = measured;
  return {
    ndcg,
    map,
    recall,
    hit,
    users,
    coverage,
    novelty,
    gini,
    popularity_score: popularity[metric],
  };
}
