/**
 * Asks a plugin what the source of a recipe needs, in a process of its own: the plugin's code runs nowhere else before
 * its permissions are settled.
 *
 * @module
 */
import { SILENT } from "../core/config/events.ts";
import { RecotemError } from "../core/errors.ts";
import type { RecipePermissions } from "../core/recipe/permissions.ts";
import type { UriPermissions } from "../core/storage/uri_permissions.ts";
import { loadPlugins, verbatimKeys } from "../train/data/load_plugins.ts";
import { print } from "./_output.ts";
import { readRecipe } from "./_recipe.ts";
import { sandboxedOutput } from "./sandbox.ts";

/** What the process answers. */
type Answer =
  | { readonly permissions: UriPermissions }
  | Pick<RecotemError, "code" | "message" | "details">;

/** What is asked of a plugin. */
export interface PluginQuestion {
  readonly recipePath: string;
  /** The `K=V` texts of `--env-var`. */
  readonly envVars: readonly string[];
  /** `RECOTEM_PLUGINS`. */
  readonly modules: readonly string[];
  /** What the process may read. */
  readonly read: readonly string[];
}

/**
 * What a plugin says that the source of a recipe needs.
 *
 * @throws {RecotemError} When no plugin provides the source, or a plugin or the recipe cannot be used.
 */
export async function pluginPermissions(
  { recipePath, envVars, modules, read }: PluginQuestion,
): Promise<UriPermissions> {
  const permissions: RecipePermissions = {
    read,
    write: [],
    net: [],
    env: ["RECOTEM_*"],
  };
  const output = await sandboxedOutput({
    module: import.meta.url,
    permissions,
    plugins: modules,
    argv: [JSON.stringify({ recipePath, envVars, modules })],
  });
  // Plugins may print too; the answer is the last line.
  const answer: Answer = JSON.parse(output.trimEnd().split("\n").at(-1)!);
  if ("permissions" in answer) return answer.permissions;
  const { code, message, details } = answer;
  throw new RecotemError(code, message, { details });
}

async function ask(question: PluginQuestion): Promise<Answer> {
  try {
    const plugins = await loadPlugins(question.modules);
    const { source } = await readRecipe(question.recipePath, {
      envVars: question.envVars,
      events: SILENT,
      sourcePlugins: verbatimKeys(plugins),
    });
    if (source.type !== "plugin") throw new TypeError("not a plugin's source");
    const { read, net, env } = plugins.get(source.name)!
      .permissions(source.options, Deno.env);
    return { permissions: { read, net, env } };
  } catch (error) {
    if (error instanceof RecotemError) {
      const { code, message, details } = error;
      return { code, message, details };
    }
    return {
      code: "datasource_error",
      message: `The plugin's permissions() failed: ${
        error instanceof Error ? error.message.split("\n")[0] : String(error)
      }`,
      details: {},
    };
  }
}

if (import.meta.main) {
  print(JSON.stringify(await ask(JSON.parse(Deno.args[0]!))) + "\n");
}
