import { SERVE } from "../core/config/commands.ts";
import { SILENT } from "../core/config/events.ts";
import { commandHelp } from "../core/config/help.ts";
import { parseArguments } from "../core/config/parse_arguments.ts";
import { startLogging } from "../core/config/start_logging.ts";
import { RecotemError } from "../core/errors.ts";
import { servingEnvironment } from "../serve/serving_environment.ts";
import { readSettings } from "../serve/settings.ts";
import { print } from "./_output.ts";
import { runWorkers } from "./run_workers.ts";
import { type Program, runSandboxed } from "./sandbox.ts";
import { servingPermissions } from "./serving_permissions.ts";

/**
 * `recotem serve`: serves in a process that may read the recipes and the folders of their artifacts, listen on its
 * address, and nothing else; with `--workers` in several such processes on one port.
 */
export async function serve(argv: readonly string[]): Promise<number> {
  const args = parseArguments(SERVE, argv);
  if (args === "help") {
    print(commandHelp(SERVE));
    return 0;
  }
  const settings = readSettings(args.flags, servingEnvironment(), SILENT);
  const { workers } = settings;
  if (workers > 1 && Deno.build.os !== "linux") {
    throw new RecotemError(
      "usage_error",
      "Flag --workers works on Linux only, which shares a port among processes",
    );
  }
  const program: Program = {
    module: import.meta.resolve("../serve/main.ts"),
    permissions: await servingPermissions(settings),
    // Deno calls sharing a port unstable.
    features: settings.reusePort ? ["--unstable-net"] : [],
    argv,
  };
  if (workers === 1) return await runSandboxed(program);
  return await runWorkers(
    Array.from({ length: workers }, (_, n) => ({
      ...program,
      env: { RECOTEM_WORKER: String(n + 1) },
    })),
    startLogging(Deno.env, { unknownFormat: "refuse" }),
  );
}
