import type { Events } from "../core/config/events.ts";
import { readVariables } from "../core/config/read_variables.ts";
import { loadRecipe } from "../core/recipe/load_recipe.ts";
import { parseEnvOverrides } from "../core/recipe/parse_env_overrides.ts";
import type { Recipe } from "../core/recipe/recipe.ts";

/** Options of {@linkcode readRecipe}. */
export interface ReadRecipeOptions {
  /** The `K=V` texts of `--env-var`. */
  readonly envVars: readonly string[];
  /** Told what is worth a warning. */
  readonly events: Events;
  /** The source types of plugins, as `parseRecipe()` takes them. */
  readonly sourcePlugins: ReadonlyMap<string, readonly string[]> | "any";
}

/**
 * Reads the recipe that a command was called with.
 *
 * @param path Its file.
 * @throws {RecotemError} Exit code 2 when the recipe cannot be used.
 */
export function readRecipe(
  path: string,
  { envVars, events, sourcePlugins }: ReadRecipeOptions,
): Promise<Recipe> {
  const { RECOTEM_ARTIFACT_ROOT } = readVariables(
    Deno.env,
    ["RECOTEM_ARTIFACT_ROOT"],
    events,
  );
  return loadRecipe(path, {
    env: Deno.env,
    envOverrides: parseEnvOverrides(envVars),
    artifactRoot: RECOTEM_ARTIFACT_ROOT,
    sourcePlugins,
    events,
  });
}
