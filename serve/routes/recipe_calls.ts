import { type Context, type Handler, Hono } from "hono";
import type { AppEnv } from "../app_env.ts";
import { methodNotAllowed } from "../method_not_allowed.ts";
import { VERBS } from "../verbs/names.ts";
import { RECOMMEND } from "../verbs/recommend.ts";
import { RECOMMEND_RELATED } from "../verbs/recommend_related.ts";
import type { RouteOptions } from "./_route_options.ts";
import { answerBatch } from "./batch_verb.ts";
import { describeRecipe } from "./recipe.ts";
import { answerOne } from "./single_verb.ts";

/**
 * `GET /v1/recipes/{name}` and `POST /v1/recipes/{name}:verb`. They are one path to the router: two patterns in one
 * place would make it take its slow way for all requests.
 */
export function recipeCallRoutes(options: RouteOptions): Hono<AppEnv> {
  const verbs = new Map<string, Handler<AppEnv>>(
    [
      answerOne(RECOMMEND, options),
      answerOne(RECOMMEND_RELATED, options),
      answerBatch(RECOMMEND, options),
      answerBatch(RECOMMEND_RELATED, options),
    ].map((handler, n) => [VERBS[n]!, handler]),
  );
  const refuseMethod = {
    verb: methodNotAllowed("POST"),
    recipe: methodNotAllowed("GET, HEAD"),
  };

  /** What stands behind the colon; undefined without one. */
  function verbOf(context: Context<AppEnv>): string | undefined {
    const call = context.req.param("call")!;
    const colon = call.indexOf(":");
    return colon < 0 ? undefined : call.slice(colon + 1);
  }

  return new Hono<AppEnv>().all(
    "/v1/recipes/:call",
    (context, next) => {
      const verb = verbOf(context);
      if (verb !== undefined && !verbs.has(verb)) return context.notFound();
      const { method } = context.req;
      if (verb === undefined ? !READING.has(method) : method !== "POST") {
        const kind = verb === undefined ? "recipe" : "verb";
        return refuseMethod[kind](context, next);
      }
      return options.authenticate(context, next);
    },
    (context, next) => {
      const verb = verbOf(context);
      return verb === undefined
        ? describeRecipe(context, options)
        : verbs.get(verb)!(context, next);
    },
  );
}

const READING = new Set(["GET", "HEAD"]);
