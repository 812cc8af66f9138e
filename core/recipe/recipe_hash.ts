import type { Recipe } from "./recipe.ts";
import { valueHash } from "./value_hash.ts";

/**
 * Digest of a recipe as a value: key order, comments, spelling, left-out defaults and `serving`, which changes no
 * model, make no difference.
 *
 * @returns SHA-256 of its JSON with sorted keys and no blanks, 64 lower-case hex digits. Backslashes in paths count as
 * slashes, so that all platforms agree.
 */
export async function recipeHash(recipe: Recipe): Promise<string> {
  const { serving: _, ...trained } = recipe;
  return await valueHash(trained);
}
