import { SILENT } from "../core/config/events.ts";
import { loadRecipesDirectory } from "../core/recipe/load_recipes_directory.ts";
import { localPath } from "../core/recipe/local_path.ts";
import { parseEnvOverrides } from "../core/recipe/parse_env_overrides.ts";
import type { RecipePermissions } from "../core/recipe/permissions.ts";
import { dirname, resolve } from "../core/std/path.ts";
import { uriPermissions } from "../core/storage/uri_permissions.ts";
import type { Settings } from "../serve/settings.ts";

const VERTEX_VARIABLES = [
  "AIP_HTTP_PORT",
  "AIP_HEALTH_ROUTE",
  "AIP_PREDICT_ROUTE",
];

/**
 * What a serving process may touch: it reads the recipes and the folders and object stores of their artifacts, and
 * listens on its address. A recipe that comes later is served if its artifact lies in one of these places.
 *
 * @param settings How the server is to run.
 * @throws {RecotemError} `usage_error` when the folder of recipes is not there.
 */
export async function servingPermissions(
  settings: Settings,
): Promise<RecipePermissions> {
  const artifactRoot = settings.variables.RECOTEM_ARTIFACT_ROOT;
  const recipes = await loadRecipesDirectory(settings.recipes, {
    env: Deno.env,
    envOverrides: parseEnvOverrides(settings.envVars),
    artifactRoot,
    readOnly: true,
    events: SILENT,
  });
  const folders = recipes.flatMap(({ recipe }) => {
    const artifact = recipe && localPath(recipe.output.path);
    return artifact ? [dirname(artifact)] : [];
  });
  const remote = recipes.flatMap(({ recipe }) =>
    recipe ? [uriPermissions(recipe.output.path, Deno.env)] : []
  );
  const read = [
    settings.recipes,
    ...folders,
    ...(artifactRoot !== null ? [artifactRoot] : []),
    ...remote.flatMap(({ read }) => read),
  ];
  return {
    read: distinct(read.map((path) => resolve(path))),
    write: [],
    net: [
      `${urlHost(settings.host)}:${settings.port}`,
      ...distinct(remote.flatMap(({ net }) => net)),
    ],
    env: [
      "RECOTEM_*",
      ...(settings.adapters.vertex ? VERTEX_VARIABLES : []),
      ...distinct(remote.flatMap(({ env }) => env)),
    ],
  };
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}

/** An IPv6 address takes brackets beside a port. */
function urlHost(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
