import { type Context, Hono, type MiddlewareHandler } from "hono";
import type { AppEnv } from "../app_env.ts";
import { jsonResponse } from "../json_response.ts";
import { methodNotAllowed } from "../method_not_allowed.ts";
import type { Entry, Registry } from "../registry.ts";

/** What the health routes are made of. */
export interface HealthOptions {
  readonly registry: Registry;
  readonly authenticate: MiddlewareHandler<AppEnv>;
}

/**
 * `GET /health`, for probes, and `GET /health/details`, for people with a key. Both answer 503 as soon as one recipe
 * has no model or something is wrong with it, even while an older model of it goes on serving.
 */
export function healthRoutes(
  { registry, authenticate }: HealthOptions,
): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.get("/health", (context) => {
    const entries = registry.entries();
    const loaded = entries.filter((entry) => isSound(entry, registry)).length;
    const sound = loaded === entries.length;
    return answer(context, sound, { total: entries.length, loaded });
  });
  app.get("/health/details", authenticate, (context) => {
    const entries = registry.entries();
    const sound = entries.every((entry) => isSound(entry, registry));
    return answer(context, sound, {
      recipes: Object.fromEntries(
        entries.map((entry) => [entry.name, details(entry, registry)]),
      ),
    });
  });
  app.all("/health", methodNotAllowed("GET, HEAD"));
  app.all("/health/details", methodNotAllowed("GET, HEAD"));
  return app;
}

function isSound(entry: Entry, registry: Registry): boolean {
  return entry.model !== null && registry.errorOf(entry) === null;
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
