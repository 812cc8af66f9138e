import type { Handler } from "hono";
import type { AppEnv } from "./app_env.ts";
import { errorResponse } from "./error_response.ts";

/** Answers 405 and says which methods a path takes; goes after the path's own handlers. */
export function methodNotAllowed(allow: string): Handler<AppEnv> {
  return (context) =>
    errorResponse(
      context,
      "method_not_allowed",
      "This path does not take this method",
      { headers: { Allow: allow } },
    );
}
