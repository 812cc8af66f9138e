import type { Serving } from "../../core/recipe/recipe.ts";

/** Whether a recipe says anything of requests. */
export function saysAnything(serving: Serving): boolean {
  return Object.values(serving).some((value) => value !== null);
}
