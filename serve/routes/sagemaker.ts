import { type Context, Hono } from "hono";
import type { AppEnv } from "../app_env.ts";
import { jsonResponse } from "../json_response.ts";
import { methodNotAllowed } from "../method_not_allowed.ts";
import type { RouteOptions } from "./_route_options.ts";
import { createAskVerb } from "./_ask_verb.ts";
import { chooseRecipe, isReady, readObject } from "./_platform_request.ts";

/** Set by callers of an endpoint, handed on by SageMaker. */
const ATTRIBUTES = "x-amzn-sagemaker-custom-attributes";

/**
 * `GET /ping` and `POST /invocations`, as Amazon SageMaker asks its containers: a body and an answer as those of
 * `:recommend`, of `:recommend-related` where it has `seed_items`, and of `:batch-recommend` where it has `requests`.
 * The custom attribute `recipe=name` chooses among several recipes.
 */
export function sagemakerRoutes(options: RouteOptions): Hono<AppEnv> {
  const { registry } = options;
  const ask = createAskVerb(options);
  async function invoke(context: Context<AppEnv>): Promise<Response> {
    const body = await readObject(context);
    if (body instanceof Response) return body;
    const verb = "requests" in body
      ? "batch-recommend"
      : "seed_items" in body
      ? "recommend-related"
      : "recommend";
    const attributes = context.req.header(ATTRIBUTES) ?? "";
    const named = /(?:^|[,;\s])recipe=([A-Za-z0-9_-]+)/.exec(attributes)?.[1];
    const recipe = chooseRecipe(registry, named);
    const answer = await ask(context, recipe, verb, body);
    return jsonResponse(context, answer.status, JSON.stringify(answer.body));
  }
  const app = new Hono<AppEnv>();
  app.get(
    "/ping",
    (context) => jsonResponse(context, isReady(registry) ? 200 : 503, "{}"),
  );
  app.post("/invocations", invoke);
  app.all("/ping", methodNotAllowed("GET, HEAD"));
  app.all("/invocations", methodNotAllowed("POST"));
  return app;
}
