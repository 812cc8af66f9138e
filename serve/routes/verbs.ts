import { Hono } from "hono";
import type { AppEnv } from "../app_env.ts";
import { methodNotAllowed } from "../method_not_allowed.ts";
import { VERBS } from "../verbs/names.ts";
import { RECOMMEND } from "../verbs/recommend.ts";
import { RECOMMEND_RELATED } from "../verbs/recommend_related.ts";
import type { RouteOptions } from "./_route_options.ts";
import { batchVerbRoute } from "./batch_verb.ts";
import { singleVerbRoute } from "./single_verb.ts";

/** `POST /v1/recipes/{name}:verb`, for all verbs. */
export function verbRoutes(options: RouteOptions): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.route("/", singleVerbRoute(RECOMMEND, options));
  app.route("/", singleVerbRoute(RECOMMEND_RELATED, options));
  app.route("/", batchVerbRoute(RECOMMEND, options));
  app.route("/", batchVerbRoute(RECOMMEND_RELATED, options));
  for (const verb of VERBS) {
    app.all(`/v1/recipes/:call{[^/:]+:${verb}}`, methodNotAllowed("POST"));
  }
  return app;
}
