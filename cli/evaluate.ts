import { EVALUATE } from "../core/config/commands.ts";
import { commandHelp } from "../core/config/help.ts";
import { parseArguments } from "../core/config/parse_arguments.ts";
import { pluginModules } from "./_plugin_modules.ts";
import { print } from "./_output.ts";
import { runSandboxed } from "./sandbox.ts";
import { trainingPermissions } from "./training_permissions.ts";

/**
 * `recotem evaluate`: reads the recipe, then scores its model in a process that may touch what the recipe names, write
 * nothing, and nothing else.
 */
export async function evaluate(argv: readonly string[]): Promise<number> {
  const args = parseArguments(EVALUATE, argv);
  if (args === "help") {
    print(commandHelp(EVALUATE));
    return 0;
  }
  const permissions = await trainingPermissions(
    args.positionals.RECIPE,
    args.flags["env-var"],
  );
  return await runSandboxed({
    module: import.meta.resolve("../train/evaluate_main.ts"),
    permissions: { ...permissions, write: [] },
    argv,
    plugins: pluginModules(),
  });
}
