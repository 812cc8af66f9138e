import type { MiddlewareHandler } from "hono";
import type { Events } from "../../core/config/events.ts";
import type { AppEnv } from "../app_env.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { Registry } from "../registry.ts";

/** What routes are made of. */
export interface RouteOptions {
  readonly registry: Registry;
  readonly authenticate: MiddlewareHandler<AppEnv>;
  readonly events: Events;
  /** Null counts nothing. */
  readonly metrics: Metrics | null;
}
