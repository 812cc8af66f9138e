import type { Context } from "hono";
import type { AppEnv } from "../app_env.ts";
import { errorResponse } from "../error_response.ts";
import { readJsonBody } from "../json_body.ts";
import type { Registry } from "../registry.ts";
import { NOT_JSON } from "./_issues.ts";

/** Most bytes of a body, as for batches. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;
/** Stands for no recipe; not a name that a recipe can have. */
const NO_RECIPE = "";

/** The body of a platform's request, an object; or the answer to one that is not. */
export async function readObject(
  context: Context<AppEnv>,
): Promise<Readonly<Record<string, unknown>> | Response> {
  const body = await readJsonBody(context.req.raw, MAX_BODY_BYTES);
  if ("refused" in body && body.refused === "too large") {
    const detail = "The request body is too large";
    return errorResponse(context, "body_too_large", detail);
  }
  const value = "refused" in body ? null : body.value;
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  return errorResponse(
    context,
    "validation_error",
    "The request is not valid",
    { errors: [NOT_JSON] },
  );
}

/** The recipe that a request names, or the only one that there is. */
export function chooseRecipe(registry: Registry, named: unknown): string {
  if (typeof named === "string") return named;
  const entries = registry.entries();
  return entries.length === 1 ? entries[0]!.name : NO_RECIPE;
}

/** Whether all recipes can answer. */
export function isReady(registry: Registry): boolean {
  return registry.entries().every(({ model }) => model !== null);
}
