import { TRAIN } from "../core/config/commands.ts";
import { commandHelp } from "../core/config/help.ts";
import { parseArguments } from "../core/config/parse_arguments.ts";
import { RecotemError } from "../core/errors.ts";
import type { RecipePermissions } from "../core/recipe/permissions.ts";
import { print } from "./_output.ts";
import { runSandboxed } from "./sandbox.ts";
import { pluginModules } from "./_plugin_modules.ts";
import { pluginFolders, trainingPermissions } from "./training_permissions.ts";

/**
 * `recotem train`: reads the recipe, then trains in a process that may touch what the recipe names and nothing else.
 */
export async function train(argv: readonly string[]): Promise<number> {
  const args = parseArguments(TRAIN, argv);
  if (args === "help") {
    print(commandHelp(TRAIN));
    return 0;
  }
  const path = args.positionals.RECIPE;
  return await runSandboxed({
    module: import.meta.resolve("../train/main.ts"),
    permissions: await trainingPermissions(path, args.flags["env-var"])
      .catch((error: unknown) => permissionToReport(error, path)),
    argv,
    env: await memoryLimit(),
    plugins: pluginModules(),
  });
}

/**
 * How much memory is free, for the training process, which is not permitted to ask. This process is, as long as it was
 * started with all permissions.
 */
async function memoryLimit(): Promise<Record<string, string>> {
  const name = "RECOTEM_MAX_MEMORY_BYTES";
  if (Deno.env.get(name)?.trim()) return {};
  const { state } = await Deno.permissions.query({
    name: "sys",
    kind: "systemMemoryInfo",
  });
  if (state !== "granted") return {};
  return { [name]: String(Deno.systemMemoryInfo().available) };
}

/**
 * A recipe that cannot be used is left to the training process: it finds the same fault, with permission for little
 * more than finding it, and reports it as it reports all failures of a run.
 */
function permissionToReport(
  error: unknown,
  recipePath: string,
): RecipePermissions {
  if (!(error instanceof RecotemError)) throw error;
  const read = [recipePath, ...pluginFolders(pluginModules())];
  return { read, write: [], net: [], env: ["RECOTEM_*"] };
}
