import { type Context, Hono } from "hono";
import type { AppEnv } from "../app_env.ts";
import { isRecipeName } from "../recipe_name.ts";
import type { RouteOptions } from "./_route_options.ts";
import { recipeCallRoutes } from "./recipe_calls.ts";
import type { VerbName } from "../verbs/names.ts";

/** What `/v1` answers. */
export interface VerbAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Asks a verb of a recipe as a client of `/v1` with a key does: checked, counted and told in the same way. */
export type AskVerb = (
  context: Context<AppEnv>,
  recipe: string,
  verb: VerbName,
  body: unknown,
) => Promise<VerbAnswer>;

/** Makes an {@linkcode AskVerb} over the routes of `/v1`. */
export function createAskVerb(options: RouteOptions): AskVerb {
  const app = new Hono<AppEnv>();
  app.use((context, next) => {
    context.set("requestId", context.req.header("x-request-id")!);
    return next();
  });
  const authenticate: RouteOptions["authenticate"] = (_, next) => next();
  app.route("/", recipeCallRoutes({ ...options, authenticate }));
  app.onError((error) => {
    throw error;
  });
  return async (context, recipe, verb, body) => {
    // A name that no recipe can have is refused as no name at all is.
    const path = `/v1/recipes/${isRecipeName(recipe) ? recipe : ""}:${verb}`;
    const response = await app.request(path, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "x-request-id": context.get("requestId") },
    });
    return { status: response.status, body: await response.json() };
  };
}
