import type { Serving } from "../../core/recipe/recipe.ts";

/** Whether a recipe says anything of requests. */
export function saysAnything(serving: Serving): boolean {
  return (serving.limit ?? serving.fallback ?? serving.include_seen ??
    serving.filter ?? serving.diversity ?? serving.boosts) !== null;
}
