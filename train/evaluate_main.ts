/**
 * The process of `recotem evaluate`: one recipe in, a table out, nothing written.
 *
 * Runs with what the training process runs with, and without `--allow-write`.
 *
 * @module
 */
import { KeyRing } from "../artifact/key_ring.ts";
import { EVALUATE } from "../core/config/commands.ts";
import { describeFailure } from "../core/config/describe_failure.ts";
import { commandHelp } from "../core/config/help.ts";
import { parseArguments } from "../core/config/parse_arguments.ts";
import { readVariables } from "../core/config/read_variables.ts";
import { startLogging } from "../core/config/start_logging.ts";
import { loadRecipe } from "../core/recipe/load_recipe.ts";
import { parseEnvOverrides } from "../core/recipe/parse_env_overrides.ts";
import { createStore } from "../core/storage/create_store.ts";
import { storesFromEnv } from "../core/storage/stores_from_env.ts";
import { loadPlugins, verbatimKeys } from "./data/load_plugins.ts";
import { evaluateServing, type ServingEvaluation } from "./evaluate_serving.ts";
import { servingTable } from "./serving_table.ts";

/**
 * Scores the model of one recipe.
 *
 * @param argv The arguments of `recotem evaluate`.
 * @returns The exit code.
 */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const args = parseArguments(EVALUATE, argv);
    if (args === "help") {
      await print(commandHelp(EVALUATE));
      return 0;
    }
    const { json, "env-var": envVars } = args.flags;
    const evaluation = await evaluateRecipe(args.positionals.RECIPE, envVars);
    await print(
      json
        ? JSON.stringify(evaluation, null, 2) + "\n"
        : servingTable(evaluation),
    );
    return 0;
  } catch (error) {
    const { exitCode, text } = describeFailure(error);
    await Deno.stderr.write(new TextEncoder().encode(text));
    return exitCode;
  }
}

async function evaluateRecipe(
  path: string,
  envVars: readonly string[],
): Promise<ServingEvaluation> {
  const events = startLogging(Deno.env, { unknownFormat: "refuse" });
  const variables = readVariables(
    Deno.env,
    [
      "RECOTEM_SIGNING_KEYS",
      "RECOTEM_MAX_ARTIFACT_BYTES",
      "RECOTEM_MAX_PAYLOAD_BYTES",
      "RECOTEM_MAX_DOWNLOAD_BYTES",
      "RECOTEM_ARTIFACT_ROOT",
      "RECOTEM_PLUGINS",
    ],
    events,
  );
  const keys = KeyRing.fromEnv(
    variables.RECOTEM_SIGNING_KEYS ?? undefined,
    events,
  );
  const plugins = await loadPlugins(variables.RECOTEM_PLUGINS);
  const maxDownloadBytes = variables.RECOTEM_MAX_DOWNLOAD_BYTES;
  const recipe = await loadRecipe(path, {
    env: Deno.env,
    envOverrides: parseEnvOverrides(envVars),
    artifactRoot: variables.RECOTEM_ARTIFACT_ROOT,
    sourcePlugins: verbatimKeys(plugins),
    events,
  });
  return await evaluateServing(recipe, {
    keys,
    store: createStore(storesFromEnv(Deno.env, { maxDownloadBytes, events })),
    env: Deno.env,
    plugins,
    events,
    maxArtifactBytes: variables.RECOTEM_MAX_ARTIFACT_BYTES,
    maxPayloadBytes: variables.RECOTEM_MAX_PAYLOAD_BYTES,
    maxDownloadBytes,
  });
}

async function print(text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) {
    at += await Deno.stdout.write(bytes.subarray(at));
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
