import { SILENT } from "../core/config/events.ts";
import { readVariables } from "../core/config/read_variables.ts";
import {
  type RecipePermissions,
  recipePermissions,
} from "../core/recipe/permissions.ts";
import { fromFileUrl } from "../core/std/path.ts";
import { readRecipe } from "./_recipe.ts";

/** Folder of locks for outputs that are not on this machine, unless `RECOTEM_LOCK_DIR` names another. */
const LOCK_FOLDER = "/tmp/recotem-locks";

/**
 * What the process that trains a recipe may touch: what the recipe names, and the modules that its workers load.
 *
 * @param recipePath The recipe's file.
 * @param envVars The `K=V` texts of `--env-var`.
 * @throws {RecotemError} Exit code 2 when the recipe cannot be used.
 */
export async function trainingPermissions(
  recipePath: string,
  envVars: readonly string[],
): Promise<RecipePermissions> {
  const recipe = await readRecipe(recipePath, envVars, SILENT);
  const variables = readVariables(
    Deno.env,
    ["RECOTEM_ARTIFACT_ROOT", "RECOTEM_LOCK_DIR"],
    SILENT,
  );
  return recipePermissions(recipe, {
    recipePath,
    env: Deno.env,
    artifactRoot: variables.RECOTEM_ARTIFACT_ROOT,
    lockFolder: variables.RECOTEM_LOCK_DIR ?? LOCK_FOLDER,
    read: workerModules(),
  });
}

/** Folders of the modules that workers load. */
const WORKER_FOLDERS = ["algorithms", "core", "train"];

/** Starting a worker takes read permission for each of its modules; those from a registry need none. */
function workerModules(): string[] {
  const root = new URL("../", import.meta.url);
  return root.protocol === "file:"
    ? WORKER_FOLDERS.map((folder) => fromFileUrl(new URL(folder, root)))
    : [];
}
