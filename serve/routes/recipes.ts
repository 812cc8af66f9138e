import { Hono } from "hono";
import type { AppEnv } from "../app_env.ts";
import { errorResponse } from "../error_response.ts";
import { jsonResponse } from "../json_response.ts";
import { methodNotAllowed } from "../method_not_allowed.ts";
import { isRecipeName } from "../recipe_name.ts";
import type { Entry } from "../registry.ts";
import type { ServedModel } from "../served_model.ts";
import { VERBS } from "../verbs/names.ts";
import { NO_NAME } from "./_issues.ts";
import type { RouteOptions } from "./_route_options.ts";

/** `GET /v1/recipes`, the recipes that can answer, and `GET /v1/recipes/{name}`, what training said of one's model. */
export function recipesRoutes(
  { registry, authenticate, metrics }: RouteOptions,
): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.get("/v1/recipes", authenticate, (context) => {
    const recipes = registry.entries().flatMap(({ name, model }) =>
      model ? [summary(name, model)] : []
    );
    return jsonResponse(context, 200, JSON.stringify({ recipes }));
  });
  app.get("/v1/recipes/:name{[^/:]+}", authenticate, (context) => {
    const name = context.req.param("name");
    if (!isRecipeName(name)) {
      metrics?.validationFailedOutsideVerb();
      return errorResponse(
        context,
        "validation_error",
        "The request is not valid",
        { errors: [NO_NAME] },
      );
    }
    const entry = registry.get(name);
    if (!entry) {
      const detail = "There is no recipe of this name";
      return errorResponse(context, "recipe_not_found", detail);
    }
    if (!entry.model) {
      const detail = "The recipe has no loaded model";
      return errorResponse(context, "recipe_unavailable", detail);
    }
    return jsonResponse(
      context,
      200,
      JSON.stringify(details(entry, entry.model)),
      { "X-Recotem-Model-Version": entry.model.version },
    );
  });
  app.all("/v1/recipes", methodNotAllowed("GET, HEAD"));
  app.all("/v1/recipes/:name{[^/:]+}", methodNotAllowed("GET, HEAD"));
  return app;
}

function summary(name: string, model: ServedModel): Record<string, unknown> {
  return {
    name,
    model_version: model.version,
    loaded_at: model.loadedAt,
    supported_verbs: VERBS,
    kind: "user-item",
  };
}

function details(
  { name, recipe }: Entry,
  model: ServedModel,
): Record<string, unknown> {
  const { header } = model;
  return {
    ...summary(name, model),
    config_digest: header.recipe_hash,
    algorithms: recipe?.training.algorithms ?? header.tuning.tried_algorithms,
    best_algorithm: header.best_class.replace(/Recommender$/, ""),
    trained_at: header.trained_at,
    best_class: header.best_class,
    best_params: header.best_params,
    best_score: header.best_score,
    metric: header.metric,
    cutoff: header.cutoff,
    tuning: header.tuning,
    data_stats: header.data_stats,
    recotem_version: header.recotem_version,
    irspack_version: null,
    engine: header.engine,
    recipe_hash: header.recipe_hash,
  };
}
