import { type Context, Hono } from "hono";
import type { AppEnv } from "../app_env.ts";
import { jsonResponse } from "../json_response.ts";
import { methodNotAllowed } from "../method_not_allowed.ts";
import type { RouteOptions } from "./_route_options.ts";
import type { VertexRoutes } from "../adapters.ts";
import { createAskVerb } from "./_ask_verb.ts";
import { chooseRecipe, isReady, readObject } from "./_platform_request.ts";

/**
 * The health and predict routes that Vertex AI names: `{"instances": […], "parameters": {…}}` gives
 * `{"predictions": […]}`, in the same order. Instances are elements of `:batch-recommend` and predictions their results.
 * Parameters are `include_metadata`, and `recipe` to choose among several recipes.
 */
export function vertexRoutes(
  { health, predict }: VertexRoutes,
  options: RouteOptions,
): Hono<AppEnv> {
  const { registry } = options;
  const ask = createAskVerb(options);
  async function answer(context: Context<AppEnv>): Promise<Response> {
    const body = await readObject(context);
    if (body instanceof Response) return body;
    const { recipe, ...parameters } = Object(body.parameters);
    const { status, body: said } = await ask(
      context,
      chooseRecipe(registry, recipe),
      "batch-recommend",
      { ...parameters, requests: body.instances },
    );
    const told = status === 200
      ? { predictions: (said.results as BatchResult[]).map(withoutIndex) }
      : said;
    return jsonResponse(context, status, JSON.stringify(told));
  }
  const app = new Hono<AppEnv>();
  app.get(
    health,
    (context) => jsonResponse(context, isReady(registry) ? 200 : 503, "{}"),
  );
  app.post(predict, answer);
  if (health !== predict) {
    app.all(health, methodNotAllowed("GET, HEAD"));
    app.all(predict, methodNotAllowed("POST"));
  }
  return app;
}

/** An element of the answer of `:batch-recommend`. */
interface BatchResult extends Readonly<Record<string, unknown>> {
  readonly index: number;
}

function withoutIndex(
  { index: _, ...result }: BatchResult,
): Record<string, unknown> {
  return result;
}
