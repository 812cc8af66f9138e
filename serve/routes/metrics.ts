import { type Context, Hono } from "hono";
import type { AppEnv } from "../app_env.ts";
import { methodNotAllowed } from "../method_not_allowed.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { RouteOptions } from "./_route_options.ts";

/** `GET /metrics`, for everyone who gets here, and `GET /v1/metrics`, for those with a key. */
export function metricsRoutes(
  metrics: Metrics,
  { authenticate }: Pick<RouteOptions, "authenticate">,
): Hono<AppEnv> {
  async function answer(context: Context<AppEnv>): Promise<Response> {
    return new Response(await metrics.text(), {
      headers: {
        "Content-Type": "text/plain; version=0.0.4; charset=utf-8",
        "X-Request-ID": context.get("requestId"),
      },
    });
  }
  const app = new Hono<AppEnv>();
  app.get("/metrics", answer);
  app.get("/v1/metrics", authenticate, answer);
  app.all("/metrics", methodNotAllowed("GET, HEAD"));
  app.all("/v1/metrics", methodNotAllowed("GET, HEAD"));
  return app;
}
