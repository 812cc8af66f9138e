import { Hono } from "hono";
import { cors } from "hono/cors";
import type { Events } from "../core/config/events.ts";
import { adapterRoutes } from "./routes/adapter_routes.ts";
import type { Adapters } from "./adapters.ts";
import { accessLog } from "./access_log.ts";
import { allowedHosts } from "./allowed_hosts.ts";
import type { AppEnv } from "./app_env.ts";
import { authenticate, type Authentication } from "./authenticate.ts";
import { errorResponse } from "./error_response.ts";
import type { Metrics } from "./metrics/metrics.ts";
import { nameSpans } from "./name_spans.ts";
import type { Registry } from "./registry.ts";
import { requestId } from "./request_id.ts";
import { docsRoutes } from "./routes/docs.ts";
import { healthRoutes } from "./routes/health.ts";
import { metricsRoutes } from "./routes/metrics.ts";
import { modelsRoutes } from "./routes/models.ts";
import { playgroundRoutes } from "./routes/playground.ts";
import { predictRoutes } from "./routes/predict.ts";
import { recipeCallRoutes } from "./routes/recipe_calls.ts";
import { recipesRoutes } from "./routes/recipes.ts";

/** What {@linkcode createApp} needs. */
export interface AppOptions {
  /** The recipes to answer for. */
  readonly registry: Registry;
  /** Who may pass. */
  readonly authentication: Authentication;
  /** `Host` headers that are answered: names, `*.suffix`, or `*`. */
  readonly allowedHosts: readonly string[];
  /** Origins that browsers may call from; none sends no CORS headers. */
  readonly allowedOrigins: readonly string[];
  readonly events: Events;
  /** Null counts nothing, and has no routes for metrics. */
  readonly metrics: Metrics | null;
  /** Whose routes are answered beside the own ones. */
  readonly adapters: Adapters;
  /** Whether each request is told of. */
  readonly accessLog: boolean;
  /** Whether the API's document is served. */
  readonly docs: boolean;
  /** Whether the playground is served. */
  readonly playground: boolean;
}

/** The HTTP application: reads nothing, opens nothing, answers from the registry. */
export function createApp(options: AppOptions): Hono<AppEnv> {
  const { registry, events, metrics } = options;
  const app = new Hono<AppEnv>();
  app.use(nameSpans());
  app.use(requestId());
  if (options.accessLog) app.use(accessLog(registry, events));
  app.use(allowedHosts(options.allowedHosts));
  if (options.allowedOrigins.length > 0) {
    app.use(cors({
      origin: [...options.allowedOrigins],
      allowMethods: ["GET", "POST", "OPTIONS"],
      exposeHeaders: [
        "X-Request-ID",
        "X-Recotem-Model-Version",
        "X-Recotem-Items-Degraded",
      ],
    }));
  }
  const auth = authenticate(options.authentication, events);
  const routes = { registry, authenticate: auth, events, metrics };
  // First, because a platform may name a path that is taken.
  app.route("/", adapterRoutes(options.adapters, routes));
  app.route("/", predictRoutes(routes));
  app.route("/", recipeCallRoutes(routes));
  app.route("/", healthRoutes(routes));
  app.route("/", modelsRoutes(routes));
  app.route("/", recipesRoutes(routes));
  if (metrics) app.route("/", metricsRoutes(metrics, routes));
  if (options.docs) app.route("/", docsRoutes());
  if (options.playground) {
    const keyed = options.authentication.keys !== null;
    app.route(
      "/",
      playgroundRoutes({ ...routes, keyed, docs: options.docs }),
    );
  }
  app.notFound((context) =>
    errorResponse(context, "not_found", "There is nothing at this path")
  );
  app.onError((error, context) => {
    events.error("unhandled_500", {
      request_id: context.get("requestId"),
      path: context.req.routePath,
      error: error.name,
      stack: framesOf(error),
    });
    return errorResponse(context, "internal_error", "Internal error");
  });
  return app;
}

/** Where an error was thrown, without its message, which may repeat a part of the request. */
function framesOf(error: Error): string {
  return (error.stack ?? "").split("\n")
    .filter((line) => line.startsWith("    at ")).slice(0, 8).join("\n");
}
