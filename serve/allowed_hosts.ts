import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "./app_env.ts";
import { errorResponse } from "./error_response.ts";

/** A name or an address, and perhaps a port. Anything more would be taken for a part of the URL's path. */
const HOST = /^(?<name>\[[0-9a-f:.]+\]|[\w.-]+)(?::\d*)?$/;

/**
 * Refuses requests whose `Host` is not in the list, which stops DNS rebinding. The port does not count, nor does case.
 *
 * @param patterns Names, `*.suffix` for all names below a suffix, or `*` for any name.
 */
export function allowedHosts(
  patterns: readonly string[],
): MiddlewareHandler<AppEnv> {
  const names = new Set(patterns.map((pattern) => pattern.toLowerCase()));
  const suffixes = [...names].filter((name) => name.startsWith("*."))
    .map((name) => name.slice(1));
  const any = names.has("*");
  return (context, next) => {
    // HTTP/2 has no Host header; its authority is in the URL.
    const host = context.req.header("host") ?? new URL(context.req.url).host;
    const name = HOST.exec(host.toLowerCase())?.groups?.name;
    const allowed = name !== undefined && (any || names.has(name) ||
      suffixes.some((suffix) =>
        name.length > suffix.length && name.endsWith(suffix)
      ));
    return allowed ? next() : Promise.resolve(
      errorResponse(context, "invalid_host", "Host is not allowed"),
    );
  };
}
