import { type Context, Hono } from "hono";
import type { AppEnv } from "../app_env.ts";
import { jsonResponse } from "../json_response.ts";
import { methodNotAllowed } from "../method_not_allowed.ts";
import type { Entry, Registry } from "../registry.ts";
import type { RouteOptions } from "./_route_options.ts";

/**
 * `GET /health` and `GET /v1/health`, for probes, and their `/details`, for people with a key. They answer 503 as soon
 * as one recipe has no model or something is wrong with it, even while an older model of it goes on serving; but
 * `/v1/health` only when a recipe has no model.
 */
export function healthRoutes(
  { registry, authenticate }: Pick<RouteOptions, "registry" | "authenticate">,
): Hono<AppEnv> {
  function counting(isSound: (entry: Entry, registry: Registry) => boolean) {
    return (context: Context<AppEnv>): Response => {
      const entries = registry.entries();
      const loaded = entries.filter((each) => isSound(each, registry)).length;
      const sound = loaded === entries.length;
      return answer(context, sound, { total: entries.length, loaded });
    };
  }
  function detailed(context: Context<AppEnv>): Response {
    const entries = registry.entries();
    const sound = entries.every((entry) => isFaultless(entry, registry));
    return answer(context, sound, {
      recipes: Object.fromEntries(
        entries.map((entry) => [entry.name, details(entry, registry)]),
      ),
    });
  }
  const app = new Hono<AppEnv>();
  app.get("/health", counting(isFaultless));
  app.get("/v1/health", counting(isLoaded));
  for (const prefix of ["", "/v1"]) {
    app.get(`${prefix}/health/details`, authenticate, detailed);
    app.all(`${prefix}/health`, methodNotAllowed("GET, HEAD"));
    app.all(`${prefix}/health/details`, methodNotAllowed("GET, HEAD"));
  }
  return app;
}

function isFaultless(entry: Entry, registry: Registry): boolean {
  return isLoaded(entry) && registry.errorOf(entry) === null;
}

function isLoaded({ model }: Entry): boolean {
  return model !== null;
}

function answer(
  context: Context<AppEnv>,
  sound: boolean,
  facts: Readonly<Record<string, unknown>>,
): Response {
  const status = sound ? "ok" : "degraded";
  return jsonResponse(
    context,
    sound ? 200 : 503,
    JSON.stringify({ status, ...facts }),
  );
}

function details(entry: Entry, registry: Registry): Record<string, unknown> {
  const { model } = entry;
  const error = registry.errorOf(entry);
  return {
    loaded: model !== null,
    ...(model && {
      trained_at: model.header.trained_at,
      best_class: model.header.best_class,
      kid: model.kid,
    }),
    ...(error !== null && { error }),
  };
}
