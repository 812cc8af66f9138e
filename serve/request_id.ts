import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "./app_env.ts";

const SEED_ID = /^[A-Za-z0-9_-]{1,64}$/;
const ID = /^[A-Za-z0-9_-]{1,128}$/;

/**
 * Gives every request an id and every answer an `X-Request-ID`: the client's own when it is harmless to log, else a
 * random one.
 *
 * `/predict/{name}` keeps the form that its clients know, at most 64 characters or a UUID; all other paths take up to
 * 128 characters or make 12 hexadecimal digits.
 */
export function requestId(): MiddlewareHandler<AppEnv> {
  return (context, next) => {
    const given = context.req.header("x-request-id");
    const seed = context.req.path.startsWith("/predict/");
    const id = given !== undefined && (seed ? SEED_ID : ID).test(given)
      ? given
      : seed
      ? crypto.randomUUID()
      : twelveHexDigits();
    context.set("requestId", id);
    // Preflights are answered by the CORS middleware, which knows prepared headers only.
    if (context.req.method === "OPTIONS") context.header("X-Request-ID", id);
    return next();
  };
}

function twelveHexDigits(): string {
  const uuid = crypto.randomUUID();
  return uuid.slice(0, 8) + uuid.slice(9, 13);
}
