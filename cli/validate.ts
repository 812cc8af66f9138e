import { VALIDATE } from "../core/config/commands.ts";
import { commandHelp } from "../core/config/help.ts";
import { parseArguments } from "../core/config/parse_arguments.ts";
import { readVariables } from "../core/config/read_variables.ts";
import { startLogging } from "../core/config/start_logging.ts";
import { createStore } from "../core/storage/create_store.ts";
import { storesFromEnv } from "../core/storage/stores_from_env.ts";
import { createDataSource } from "../train/data/create_data_source.ts";
import { loadPlugins, verbatimKeys } from "../train/data/load_plugins.ts";
import { probeStorage } from "../train/search/probe_storage.ts";
import { storageCredentials } from "../train/search/storage_credentials.ts";
import { exitCode } from "./_exit_code.ts";
import { hereOrSandboxed } from "./_here_or_sandboxed.ts";
import { pluginModules } from "./_plugin_modules.ts";
import { print } from "./_output.ts";
import { readRecipe } from "./_recipe.ts";
import { trainingPermissions } from "./training_permissions.ts";

/** `recotem validate`: checks a recipe, that its source is there and that its trials can be kept, without reading data. */
export async function validate(argv: readonly string[]): Promise<number> {
  const args = parseArguments(VALIDATE, argv);
  if (args === "help") {
    print(commandHelp(VALIDATE));
    return 0;
  }
  const path = args.positionals.RECIPE;
  const envVars = args.flags["env-var"];
  const { read, env, net } = await trainingPermissions(path, envVars);
  return await hereOrSandboxed(() => check(path, envVars), {
    module: import.meta.url,
    permissions: { read, env, net, write: [] },
    argv,
    plugins: pluginModules(),
  });
}

async function check(
  path: string,
  envVars: readonly string[],
): Promise<number> {
  const events = startLogging(Deno.env, { unknownFormat: "warn" });
  const plugins = await loadPlugins(pluginModules());
  const recipe = await readRecipe(path, {
    envVars,
    events,
    sourcePlugins: verbatimKeys(plugins),
  });
  print(`Recipe '${recipe.name}': schema OK\n`);
  const variables = readVariables(
    Deno.env,
    [
      "RECOTEM_MAX_DOWNLOAD_BYTES",
      "RECOTEM_STORAGE_USER",
      "RECOTEM_STORAGE_PASSWORD",
    ],
    events,
  );
  const { RECOTEM_MAX_DOWNLOAD_BYTES: maxBytes } = variables;
  const source = createDataSource(recipe.source, {
    store: createStore(
      storesFromEnv(Deno.env, { maxDownloadBytes: maxBytes, events }),
    ),
    events,
    maxBytes,
    env: Deno.env,
    plugins,
  });
  await source.probe(new AbortController().signal);
  print(`DataSource: probe OK (${source.type})\n`);
  await probeStorage(recipe.training.storage_path, {
    credentials: storageCredentials(variables),
    make: false,
  });
  print("Validation passed.\n");
  return 0;
}

/** In the process whose permissions are settled. */
async function checkAgain(argv: readonly string[]): Promise<number> {
  const args = parseArguments(VALIDATE, argv);
  if (args === "help") return 0;
  return await check(args.positionals.RECIPE, args.flags["env-var"]);
}

if (import.meta.main) Deno.exit(await exitCode(() => checkAgain(Deno.args)));
