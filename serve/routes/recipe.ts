import type { Context } from "hono";
import type { AppEnv } from "../app_env.ts";
import { errorResponse } from "../error_response.ts";
import { jsonResponse } from "../json_response.ts";
import { isRecipeName } from "../recipe_name.ts";
import type { Entry } from "../registry.ts";
import type { ServedModel } from "../served_model.ts";
import { NO_NAME } from "./_issues.ts";
import { summarise } from "./_recipe_summary.ts";
import type { RouteOptions } from "./_route_options.ts";

/** `GET /v1/recipes/{name}`: what training said of the recipe's model. */
export function describeRecipe(
  context: Context<AppEnv>,
  { registry, metrics }: RouteOptions,
): Response {
  const name = context.req.param("call")!;
  if (!isRecipeName(name)) {
    metrics?.validationFailedOutsideVerb();
    const detail = "The request is not valid";
    const errors = [NO_NAME];
    return errorResponse(context, "validation_error", detail, { errors });
  }
  const entry = registry.get(name);
  if (!entry) {
    const detail = "There is no recipe of this name";
    return errorResponse(context, "recipe_not_found", detail);
  }
  const { model } = entry;
  if (!model) {
    const detail = "The recipe has no loaded model";
    return errorResponse(context, "recipe_unavailable", detail);
  }
  const json = JSON.stringify(details(entry, model));
  const headers = { "X-Recotem-Model-Version": model.version };
  return jsonResponse(context, 200, json, headers);
}

function details(
  { name, recipe }: Entry,
  model: ServedModel,
): Record<string, unknown> {
  const { header } = model;
  return {
    ...summarise(name, model),
    config_digest: header.recipe_hash,
    algorithms: recipe?.training.algorithms ?? header.tuning.tried_algorithms,
    best_algorithm: header.best_class.replace(/Recommender$/, ""),
    trained_at: header.trained_at,
    best_class: header.best_class,
    best_params: header.best_params,
    best_score: header.best_score,
    best_score_interval: header.best_score_interval,
    metric: header.metric,
    cutoff: header.cutoff,
    metrics: header.metrics,
    test_score: header.test_score,
    test_score_interval: header.test_score_interval,
    test_metrics: header.test_metrics,
    split: header.split,
    weights: header.weights,
    tuning: header.tuning,
    data_stats: header.data_stats,
    recotem_version: header.recotem_version,
    irspack_version: null,
    engine: header.engine,
    recipe_hash: header.recipe_hash,
    serving: recipe?.serving,
  };
}
