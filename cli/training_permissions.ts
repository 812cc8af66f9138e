import { SILENT } from "../core/config/events.ts";
import { readVariables } from "../core/config/read_variables.ts";
import {
  type RecipePermissions,
  recipePermissions,
} from "../core/recipe/permissions.ts";
import { dirname, fromFileUrl, resolve } from "../core/std/path.ts";
import { isPluginPath } from "../train/data/load_plugins.ts";
import { pluginPermissions } from "./_plugin_permissions.ts";
import { readRecipe } from "./_recipe.ts";

/** Folder of locks for outputs that are not on this machine, unless `RECOTEM_LOCK_DIR` names another. */
const LOCK_FOLDER = "/tmp/recotem-locks";

/**
 * What the process that trains a recipe may touch: what the recipe names, and the modules that its workers load.
 *
 * @param recipePath The recipe's file.
 * @param envVars The `K=V` texts of `--env-var`.
 * @throws {RecotemError} Exit code 2 when the recipe cannot be used, 3 when its DSN or a plugin cannot.
 */
export async function trainingPermissions(
  recipePath: string,
  envVars: readonly string[],
): Promise<RecipePermissions> {
  const variables = readVariables(
    Deno.env,
    ["RECOTEM_ARTIFACT_ROOT", "RECOTEM_LOCK_DIR", "RECOTEM_PLUGINS"],
    SILENT,
  );
  const artifactRoot = variables.RECOTEM_ARTIFACT_ROOT;
  const modules = variables.RECOTEM_PLUGINS;
  const recipe = await readRecipe(recipePath, {
    envVars,
    events: SILENT,
    sourcePlugins: modules.length > 0 ? "any" : new Map(),
  });
  const folders = pluginFolders(modules);
  const read = [...workerModules(), ...folders];
  return recipePermissions(recipe, {
    recipePath,
    env: Deno.env,
    artifactRoot,
    lockFolder: variables.RECOTEM_LOCK_DIR ?? LOCK_FOLDER,
    read,
    ...(recipe.source.type === "plugin" && {
      plugin: await pluginPermissions({
        recipePath,
        envVars,
        modules,
        read: [
          recipePath,
          ...folders,
          ...(artifactRoot === null ? [] : [artifactRoot]),
        ],
      }),
    }),
  });
}

/** Folders of the plugins that are files: loading one takes read permission for all that it imports. */
export function pluginFolders(modules: readonly string[]): string[] {
  return modules.filter(isPluginPath).map((path) => dirname(resolve(path)));
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
