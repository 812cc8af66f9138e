import { pruneVersions } from "../artifact/prune_versions.ts";
import type { Arguments } from "../core/config/command.ts";
import { PRUNE } from "../core/config/commands.ts";
import { type Events, SILENT } from "../core/config/events.ts";
import { commandHelp } from "../core/config/help.ts";
import { parseArguments } from "../core/config/parse_arguments.ts";
import { readVariables } from "../core/config/read_variables.ts";
import { startLogging } from "../core/config/start_logging.ts";
import { VARIABLES } from "../core/config/variables.ts";
import { RecotemError } from "../core/errors.ts";
import { loadRecipesDirectory } from "../core/recipe/load_recipes_directory.ts";
import { localPath } from "../core/recipe/local_path.ts";
import { parseEnvOverrides } from "../core/recipe/parse_env_overrides.ts";
import type { RecipePermissions } from "../core/recipe/permissions.ts";
import type { Recipe } from "../core/recipe/recipe.ts";
import { dirname, resolve } from "../core/std/path.ts";
import { createStore } from "../core/storage/create_store.ts";
import { storesFromEnv } from "../core/storage/stores_from_env.ts";
import { uriPermissions } from "../core/storage/uri_permissions.ts";
import { exitCode } from "./_exit_code.ts";
import { print } from "./_output.ts";
import { readRecipe } from "./_recipe.ts";
import { runSandboxed } from "./sandbox.ts";

type PruneArguments = Arguments<typeof PRUNE>;

/**
 * `recotem prune`: removes old versions in a process that may read and write the folders of the recipes' outputs and
 * reach their object stores; with `--dry-run` it may write nothing. Prints the URI of each file that goes.
 */
export async function prune(argv: readonly string[]): Promise<number> {
  const args = parseArguments(PRUNE, argv);
  if (args === "help") {
    print(commandHelp(PRUNE));
    return 0;
  }
  return await runSandboxed({
    module: import.meta.url,
    permissions: await pruningPermissions(args),
    argv,
  });
}

async function pruningPermissions(
  args: PruneArguments,
): Promise<RecipePermissions> {
  const recipes = await readRecipes(args, SILENT);
  const folders = distinct(recipes.flatMap(({ output }) => {
    const file = localPath(output.path);
    return file === null ? [] : [resolve(dirname(file))];
  }));
  const remote = recipes.map(({ output }) =>
    uriPermissions(output.path, Deno.env)
  );
  const { RECOTEM_ARTIFACT_ROOT: root } = readVariables(
    Deno.env,
    ["RECOTEM_ARTIFACT_ROOT"],
    SILENT,
  );
  return {
    read: distinct([
      resolve(args.positionals.RECIPE),
      ...folders,
      ...(root === null ? [] : [resolve(root)]),
      ...remote.flatMap(({ read }) => read),
    ]),
    write: args.flags["dry-run"] ? [] : folders,
    net: distinct(remote.flatMap(({ net }) => net)),
    env: ["RECOTEM_*", ...distinct(remote.flatMap(({ env }) => env))],
  };
}

async function pruneHere(argv: readonly string[]): Promise<number> {
  const args = parseArguments(PRUNE, argv) as PruneArguments;
  const events = startLogging(Deno.env, { unknownFormat: "warn" });
  const recipes = await readRecipes(args, events);
  const store = createStore(
    storesFromEnv(Deno.env, {
      maxDownloadBytes: VARIABLES.RECOTEM_MAX_DOWNLOAD_BYTES.default,
      events,
    }),
  );
  for (const { name, output } of recipes) {
    const keep = args.flags.keep ?? output.keep;
    if (keep === null) {
      events.info("prune_skipped", { name, reason: "output.keep is null" });
      continue;
    }
    const dryRun = args.flags["dry-run"];
    const options = { keep, dryRun, now: new Date() };
    const removed = await pruneVersions(store, output, options);
    for (const uri of removed) print(`${uri}\n`);
    const files = removed.length;
    events.info("versions_pruned", { name, keep, files, dry_run: dryRun });
  }
  return 0;
}

/**
 * The recipe, or those of the folder.
 *
 * @throws {RecotemError} Exit code 2 when one cannot be used: who removes files should know all of what is meant; also
 * when nothing says how many versions to keep.
 */
async function readRecipes(
  { positionals, flags }: PruneArguments,
  events: Events,
): Promise<readonly Recipe[]> {
  const path = positionals.RECIPE;
  if (!await isFolder(path)) {
    const recipe = await readRecipe(path, {
      envVars: flags["env-var"],
      events,
      // Nothing of the source is read, so that its plugin need not be there.
      sourcePlugins: "any",
    });
    if (flags.keep === null && recipe.output.keep === null) {
      throw new RecotemError(
        "usage_error",
        `Nothing says how many versions to keep: give --keep, or set output.keep in ${path}`,
      );
    }
    return [recipe];
  }
  const { RECOTEM_ARTIFACT_ROOT: artifactRoot } = readVariables(
    Deno.env,
    ["RECOTEM_ARTIFACT_ROOT"],
    events,
  );
  const entries = await loadRecipesDirectory(path, {
    env: Deno.env,
    envOverrides: parseEnvOverrides(flags["env-var"]),
    artifactRoot,
    events,
    strict: true,
  });
  return entries.flatMap(({ recipe }) => recipe ?? []);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}

if (import.meta.main) Deno.exit(await exitCode(() => pruneHere(Deno.args)));
