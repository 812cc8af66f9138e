import { RECOMMEND } from "../core/config/commands.ts";
import { commandHelp } from "../core/config/help.ts";
import { parseArguments } from "../core/config/parse_arguments.ts";
import { localPath } from "../core/recipe/local_path.ts";
import type { RecipePermissions } from "../core/recipe/permissions.ts";
import { dirname, fromFileUrl, resolve } from "../core/std/path.ts";
import { uriPermissions } from "../core/storage/uri_permissions.ts";
import { partialPaths } from "../recommend/partial_file.ts";
import { readSettings, type Settings } from "../recommend/settings.ts";
import { print } from "./_output.ts";
import { runSandboxed } from "./sandbox.ts";

/** Folders of the modules that workers load. */
const WORKER_FOLDERS = ["core", "recommend"];

/**
 * `recotem recommend`: answers users in a process that may read the artifact, the users and a recipe, write the file
 * that was asked for, and nothing else.
 */
export async function recommend(argv: readonly string[]): Promise<number> {
  const args = parseArguments(RECOMMEND, argv);
  if (args === "help") {
    print(commandHelp(RECOMMEND));
    return 0;
  }
  return await runSandboxed({
    module: import.meta.resolve("../recommend/main.ts"),
    permissions: recommendPermissions(readSettings(args)),
    argv,
  });
}

/** A pointer leads to another file of its folder, so an artifact's whole folder may be read. */
function recommendPermissions(
  { artifact, recipe, users, out }: Settings,
): RecipePermissions {
  const inputs = [artifact, ...(users === null ? [] : [users.uri])];
  const remote = inputs.map((uri) => uriPermissions(uri, Deno.env));
  const file = localPath(artifact);
  const list = users && localPath(users.uri);
  const { partial, journal } = partialPaths(out);
  return {
    read: distinct([
      ...workerModules(),
      ...(file === null ? [] : [resolve(dirname(file))]),
      ...(list === null ? [] : [resolve(list)]),
      ...(recipe === null ? [] : [resolve(recipe.path)]),
      ...remote.flatMap(({ read }) => read),
      dirname(out),
    ]),
    write: [out, partial, journal],
    net: distinct(remote.flatMap(({ net }) => net)),
    env: ["RECOTEM_*", ...distinct(remote.flatMap(({ env }) => env))],
  };
}

/** Starting a worker takes read permission for each of its modules; those from a registry need none. */
function workerModules(): string[] {
  const root = new URL("../", import.meta.url);
  return root.protocol === "file:"
    ? WORKER_FOLDERS.map((folder) => fromFileUrl(new URL(folder, root)))
    : [];
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
