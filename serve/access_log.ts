import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import type { Events } from "../core/config/events.ts";
import type { AppEnv } from "./app_env.ts";
import type { Registry } from "./registry.ts";

/** What stands behind the name in a path of a recipe. */
const NAME = /^\/(?:predict|v1\/recipes|v2\/models)\/(?<name>[A-Za-z0-9_-]+)/;

/**
 * Tells of each request once it is answered: method, route, recipe, status and time. Nothing of the body, no address and
 * no path of the client's own making is told, so that no id of a user can be in it.
 */
export function accessLog(
  registry: Registry,
  events: Events,
): MiddlewareHandler<AppEnv> {
  return async (context, next) => {
    const start = performance.now();
    await next();
    const name = NAME.exec(context.req.path)?.groups?.name;
    events.info("request_answered", {
      request_id: context.get("requestId"),
      method: context.req.method,
      route: routePath(context, -1),
      ...(name !== undefined && registry.get(name) && { recipe: name }),
      status: context.res.status,
      seconds: (performance.now() - start) / 1000,
    });
  };
}
