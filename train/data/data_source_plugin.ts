import type { Environment } from "../../core/config/environment.ts";
import type { UriPermissions } from "../../core/storage/uri_permissions.ts";
import type { DataSource } from "./data_source.ts";
import type { SourceDependencies } from "./source_dependencies.ts";

/** Keys of a recipe's `source` block beside `type`, as they stand in the file. */
export type PluginOptions = Readonly<Record<string, unknown>>;

/**
 * A kind of source that is not built in: what a module that `RECOTEM_PLUGINS` names exports as its default.
 *
 * A plugin runs in the process that trains and holds that process's permissions, to which those that it asks for are
 * added. It is asked for them in a process that may read the recipe, the plugin's folder and `RECOTEM_*` variables.
 */
export interface DataSourcePlugin {
  /** `source.type` of the recipes that it reads for: lower-case letters, digits, `_` and `-`. */
  readonly type: string;
  /** Keys of the block below which `${NAME}` is left as it is. */
  readonly noExpandFields: readonly string[];
  /** What reading a source needs beside the recipe and `RECOTEM_*` variables; relative paths are those of the caller. */
  permissions(options: PluginOptions, env: Environment): UriPermissions;
  /** The source; nothing is opened yet. Throws when an option is missing, unknown or wrong, saying what would be right. */
  create(options: PluginOptions, dependencies: SourceDependencies): DataSource;
}
