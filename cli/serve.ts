import { SERVE } from "../core/config/commands.ts";
import { SILENT } from "../core/config/events.ts";
import { commandHelp } from "../core/config/help.ts";
import { parseArguments } from "../core/config/parse_arguments.ts";
import { servingEnvironment } from "../serve/serving_environment.ts";
import { readSettings } from "../serve/settings.ts";
import { print } from "./_output.ts";
import { runSandboxed } from "./sandbox.ts";
import { servingPermissions } from "./serving_permissions.ts";

/**
 * `recotem serve`: serves in a process that may read the recipes and the folders of their artifacts, listen on its
 * address, and nothing else.
 */
export async function serve(argv: readonly string[]): Promise<number> {
  const args = parseArguments(SERVE, argv);
  if (args === "help") {
    print(commandHelp(SERVE));
    return 0;
  }
  const settings = readSettings(args.flags, servingEnvironment(), SILENT);
  return await runSandboxed({
    module: import.meta.resolve("../serve/main.ts"),
    permissions: await servingPermissions(settings),
    // Deno calls sharing a port unstable.
    features: settings.reusePort ? ["--unstable-net"] : [],
    argv,
  });
}
