import type { EventFields, Events } from "../../core/config/events.ts";
import type { Metrics } from "./metrics.ts";

/**
 * Passes events on, and counts those that tell of artifacts, recipes and the watcher: what is told and what is counted
 * cannot differ.
 *
 * Four counters of the original's dashboards are there and stay at nothing, because what they count cannot happen:
 * items' fields are a part of the artifact, a recommender's layout is checked when it is loaded, there is one registry,
 * and serving asks no BigQuery.
 */
export function countEvents(events: Events, metrics: Metrics): Events {
  const rules = countingRules(metrics);
  function count(event: string, fields: EventFields | undefined): void {
    rules.get(event)?.(fields ?? {});
  }
  return {
    debug: (event, fields) => events.debug(event, fields),
    info(event, fields) {
      count(event, fields);
      events.info(event, fields);
    },
    warn(event, fields) {
      count(event, fields);
      events.warn(event, fields);
    },
    error(event, fields) {
      count(event, fields);
      events.error(event, fields);
    },
  };
}

type Rule = (fields: EventFields) => void;

function countingRules(metrics: Metrics): ReadonlyMap<string, Rule> {
  const loadFailures = metrics.counter(
    "recotem_artifact_load_failures_total",
    "Artifacts that could not be loaded",
    ["recipe", "reason"],
  );
  const swaps = metrics.counter(
    "recotem_swap_total",
    "Models that were replaced, or should have been",
    ["recipe", "result"],
  );
  const statFailures = metrics.counter(
    "recotem_artifact_stat_failures_total",
    "Looks at artifacts that failed",
    ["recipe"],
  );
  const watcherErrors = metrics.counter(
    "recotem_watcher_unhandled_errors_total",
    "Looks of the watcher that failed as a whole",
  );
  const rescanErrors = metrics.counter(
    "recotem_recipe_rescan_errors_total",
    "Recipe files that became unreadable",
    ["recipe"],
  );
  const scanFailures = metrics.counter(
    "recotem_recipes_dir_scan_failures_total",
    "Scans of the recipes folder that failed",
    ["error_class"],
  );
  metrics.counter(
    "recotem_metadata_index_build_errors_total",
    "Never counted: items' fields are a part of the artifact",
    ["recipe"],
  );
  metrics.counter(
    "recotem_recommender_layout_unexpected_total",
    "Never counted: the layout is checked when an artifact is loaded",
    ["recipe"],
  );
  metrics.counter(
    "recotem_watcher_state_divergence_total",
    "Never counted: there is one registry",
  );
  metrics.counter(
    "recotem_bigquery_storage_fallback_total",
    "Never counted: serving asks no BigQuery",
    ["reason"],
  );
  function countLoadFailure({ name, reason, serving }: EventFields): void {
    loadFailures.inc({ recipe: String(name), reason: String(reason) });
    if (serving === true) swaps.inc({ recipe: String(name), result: "error" });
  }
  function countStatFailure({ name }: EventFields): void {
    statFailures.inc({ recipe: String(name) });
  }
  return new Map<string, Rule>([
    ["artifact_load_failed", countLoadFailure],
    ["artifact_hot_swapped", ({ name }) => {
      swaps.inc({ recipe: String(name), result: "ok" });
    }],
    ["artifact_stat_failed", countStatFailure],
    ["artifact_stat_timeout", countStatFailure],
    ["recipe_rescan_load_error", ({ name }) => {
      rescanErrors.inc({ recipe: String(name) });
    }],
    ["recipes_dir_scan_error", ({ error_class }) => {
      watcherErrors.inc();
      scanFailures.inc({ error_class: String(error_class) });
    }],
  ]);
}
