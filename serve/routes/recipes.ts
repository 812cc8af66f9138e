import { Hono } from "hono";
import type { AppEnv } from "../app_env.ts";
import { jsonResponse } from "../json_response.ts";
import { methodNotAllowed } from "../method_not_allowed.ts";
import { summarise } from "./_recipe_summary.ts";
import type { RouteOptions } from "./_route_options.ts";

/** `GET /v1/recipes`: the recipes that can answer. */
export function recipesRoutes(
  { registry, authenticate, events }: RouteOptions,
): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.get("/v1/recipes", authenticate, (context) => {
    const recipes = registry.entries().flatMap(({ name, model }) =>
      model ? [summarise(name, model)] : []
    );
    events.debug("recipes_list_filtered", {
      request_id: context.get("requestId"),
      listed: recipes.length,
      all: registry.entries().length,
    });
    return jsonResponse(context, 200, JSON.stringify({ recipes }));
  });
  app.all("/v1/recipes", methodNotAllowed("GET, HEAD"));
  return app;
}
