import type { HeaderFields } from "../../artifact/header.ts";

/** A header for a model of random numbers. */
export function randomHeader(
  kind: "factors" | "similarity",
  stats: Pick<HeaderFields["data_stats"], "n_rows" | "n_users" | "n_items">,
): HeaderFields {
  return {
    recipe_name: "model",
    recipe_hash: "0".repeat(64),
    recotem_version: "0.1.0",
    engine: "none",
    model_kind: kind,
    trained_at: "2026-01-01T00:00:00Z",
    sequence: 1,
    best_class: "none",
    best_params: {},
    best_score: null,
    metric: "ndcg",
    cutoff: 20,
    tuning: {
      tried_algorithms: [],
      n_trials: 1,
      n_completed: 1,
      n_orphaned: 0,
      best_trial_number: 0,
      search_seed: 42,
    },
    data_stats: { ...stats, drop_count: 0, dedup_policy: "keep_last" },
  };
}
