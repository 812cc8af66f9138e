import { RecotemError } from "../../core/errors.ts";
import { SOURCE_TYPES } from "../../core/recipe/schema.ts";
import { resolve, toFileUrl } from "../../core/std/path.ts";
import type { DataSourcePlugin } from "./data_source_plugin.ts";

const TYPE = /^[a-z][a-z0-9_-]*$/;

/**
 * Loads the modules that `RECOTEM_PLUGINS` names. Needs read permission for the folders of those that are paths.
 *
 * @param modules Paths, relative to the working directory, or `jsr:` and `npm:` specifiers.
 * @returns Source type → plugin.
 * @throws {RecotemError} `datasource_error` when a module cannot be loaded, exports no plugin, or a type is taken.
 */
export async function loadPlugins(
  modules: readonly string[],
): Promise<ReadonlyMap<string, DataSourcePlugin>> {
  const plugins = new Map<string, DataSourcePlugin>();
  const origins = new Map(SOURCE_TYPES.map((type) => [type, "recotem itself"]));
  for (const module of modules) {
    const plugin = requirePlugin(module, await load(module));
    const origin = origins.get(plugin.type);
    if (origin !== undefined) {
      throw new RecotemError(
        "datasource_error",
        `Plugin ${module} provides source type ${plugin.type}, as ${origin} does: types must differ`,
      );
    }
    origins.set(plugin.type, module);
    plugins.set(plugin.type, plugin);
  }
  return plugins;
}

/** Source type → keys that are not expanded: what reading a recipe needs to know of plugins. */
export function verbatimKeys(
  plugins: ReadonlyMap<string, DataSourcePlugin>,
): ReadonlyMap<string, readonly string[]> {
  return new Map(
    [...plugins].map(([type, { noExpandFields }]) => [
      type,
      noExpandFields.map((key) => key.toLowerCase()),
    ]),
  );
}

/** Whether an entry of `RECOTEM_PLUGINS` is a file of this machine. */
export function isPluginPath(module: string): boolean {
  return !/^(jsr|npm):/.test(module);
}

async function load(module: string): Promise<unknown> {
  const specifier = isPluginPath(module)
    ? toFileUrl(resolve(module)).href
    : module;
  try {
    return (await import(specifier)).default;
  } catch (cause) {
    throw new RecotemError(
      "datasource_error",
      `Plugin ${module} cannot be loaded: ${
        cause instanceof Error ? cause.message.split("\n")[0] : String(cause)
      }`,
      { cause },
    );
  }
}

function requirePlugin(module: string, value: unknown): DataSourcePlugin {
  const plugin = (value ?? {}) as Partial<DataSourcePlugin>;
  const { type, noExpandFields, permissions, create } = plugin;
  const faults = [
    typeof type === "string" && TYPE.test(type)
      ? null
      : "type, lower-case letters, digits, _ and -",
    Array.isArray(noExpandFields) &&
      noExpandFields.every((key) => typeof key === "string")
      ? null
      : "noExpandFields, a list of keys",
    typeof permissions === "function" ? null : "permissions(), a function",
    typeof create === "function" ? null : "create(), a function",
  ].filter((fault) => fault !== null);
  if (faults.length === 0) return plugin as DataSourcePlugin;
  throw new RecotemError(
    "datasource_error",
    `Plugin ${module} must export an object as its default that has ${
      faults.join("; ")
    }`,
  );
}
