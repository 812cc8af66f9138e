import { Hono } from "hono";
import type { AppEnv } from "../app_env.ts";
import { jsonResponse } from "../json_response.ts";
import { methodNotAllowed } from "../method_not_allowed.ts";
import type { RouteOptions } from "./_route_options.ts";

/** `GET /models`: the header of each loaded artifact, with the recipe's name and the key that signed it. */
export function modelsRoutes(
  { registry, authenticate }: Pick<RouteOptions, "registry" | "authenticate">,
): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.get("/models", authenticate, (context) =>
    jsonResponse(
      context,
      200,
      JSON.stringify(
        registry.entries().flatMap(({ name, model }) =>
          model ? [{ ...model.header, name, kid: model.kid }] : []
        ),
      ),
    ));
  app.all("/models", methodNotAllowed("GET, HEAD"));
  return app;
}
