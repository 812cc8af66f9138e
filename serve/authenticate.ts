import type { Context, MiddlewareHandler } from "hono";
import type { Events } from "../core/config/events.ts";
import type { ApiKeys, KeyRefusal } from "./api_keys.ts";
import type { AppEnv } from "./app_env.ts";
import { errorResponse } from "./error_response.ts";
import { FailedKeys } from "./failed_keys.ts";

/** Most client addresses that are remembered as having been reported. */
const REMEMBERED_CLIENTS = 1024;

const EVENTS: Readonly<Record<KeyRefusal, string>> = {
  "missing": "auth_missing_header",
  "too short": "auth_short_key_rejected",
  "too long": "auth_oversized_header",
  "wrong": "auth_invalid_key",
};

/** Who may pass. */
export interface Authentication {
  /** Null lets everyone pass. */
  readonly keys: ApiKeys | null;
  /** Why there are no keys. */
  readonly anonymousMode: "loopback_no_keys" | "insecure_no_auth";
}

/**
 * Lets requests with a good `X-API-Key` pass; answers 401 to all others, and 429 without looking at the key when too many
 * wrong ones came from the address. A key that was good before passes all the same, because a proxy's clients share its
 * address. Everyone passes when there are no keys.
 */
export function authenticate(
  { keys, anonymousMode }: Authentication,
  events: Events,
): MiddlewareHandler<AppEnv> {
  if (keys === null) return passAnonymously(anonymousMode, events);
  const failed = new FailedKeys(() => performance.now());
  return (context, next) => {
    const presented = context.req.header("x-api-key");
    const wait = failed.none ? 0 : failed.wait(clientOf(context));
    if (wait > 0 && presented !== undefined && !keys.hasAccepted(presented)) {
      return Promise.resolve(
        errorResponse(
          context,
          "too_many_failures",
          "Too many wrong API keys came from this address",
          { headers: { "Retry-After": String(wait) } },
        ),
      );
    }
    const verdict = keys.verify(presented);
    if ("kid" in verdict) return next();
    const client = clientOf(context);
    if (verdict.refused !== "missing" && failed.note(client)) {
      events.warn("auth_throttled", { client_host: client });
    }
    events.warn(EVENTS[verdict.refused], {
      path: context.req.routePath,
      length: presented?.length ?? 0,
    });
    return Promise.resolve(
      verdict.refused === "missing"
        ? errorResponse(
          context,
          "missing_api_key",
          "The X-API-Key header is missing",
        )
        : errorResponse(context, "invalid_api_key", "The API key is not valid"),
    );
  };
}

function clientOf(context: Context<AppEnv>): string {
  const address = context.env?.remoteAddr;
  return address && "hostname" in address ? address.hostname : "unknown";
}

function passAnonymously(
  mode: Authentication["anonymousMode"],
  events: Events,
): MiddlewareHandler<AppEnv> {
  const reported = new Set<string>();
  return (context, next) => {
    const client = clientOf(context);
    // A full memory stays silent: a line per request would be worse than a client that goes unreported.
    if (!reported.has(client) && reported.size < REMEMBERED_CLIENTS) {
      reported.add(client);
      events.info("auth_anonymous_bypass_first_seen", {
        client_host: client,
        path: context.req.routePath,
        mode,
      });
    }
    events.debug("auth_anonymous_bypass", {
      path: context.req.routePath,
      mode,
    });
    return next();
  };
}
