import type { Environment } from "../config/environment.ts";
import {
  type UriPermissions,
  uriPermissions,
} from "../storage/uri_permissions.ts";
import { dirname, resolve } from "../std/path.ts";
import { localPath } from "./local_path.ts";
import type { Recipe } from "./recipe.ts";
import { filePermissions, sourcePermissions } from "./source_permissions.ts";
import { studyStorage } from "./study_storage.ts";

/** What a process may reach, each list in order and without repeats. */
export interface RecipePermissions {
  /** Absolute paths. */
  readonly read: readonly string[];
  /** Absolute paths. */
  readonly write: readonly string[];
  /** `host:port`. */
  readonly net: readonly string[];
  /** Names; `*` at the end stands for any ending. */
  readonly env: readonly string[];
}

/** Options of {@linkcode recipePermissions}. */
export interface RecipePermissionsOptions {
  /** The recipe's own file, which the training process reads. */
  readonly recipePath: string;
  /** `RECOTEM_ARTIFACT_ROOT`. */
  readonly artifactRoot: string | null;
  /** Folder of the locks of outputs elsewhere. */
  readonly lockFolder: string;
  /** Where the endpoints of object stores are read. */
  readonly env: Environment;
  /** What the source of a plugin needs, as the plugin says; default: nothing. */
  readonly plugin?: UriPermissions;
  /** Further files and folders to read, such as the program's own modules. */
  readonly read?: readonly string[];
}

/** postgres.js reads it whatever it is told. */
const POSTGRESQL_VARIABLES = ["PGAPPNAME"];

const NOTHING: UriPermissions = { read: [], net: [], env: [] };

/**
 * What training a recipe needs, and nothing else: the files and hosts that the recipe names, the folder of its output
 * with lock and pointer, and `RECOTEM_*` variables; for object stores their hosts, and the variables that say where
 * they are and who asks; for a database its host. Relative paths belong to the working directory.
 *
 * @throws {RecotemError} When the variable that names a database is not set or malformed.
 */
export function recipePermissions(
  recipe: Recipe,
  options: RecipePermissionsOptions,
): RecipePermissions {
  const {
    recipePath,
    artifactRoot,
    lockFolder,
    env,
    read = [],
    plugin = NOTHING,
  } = options;
  const { source, item_metadata, output, training } = recipe;
  const outputFile = localPath(output.path);
  const outputFolder = outputFile === null ? lockFolder : dirname(outputFile);
  const study = storagePermissions(training.storage_path);
  const needed = [
    sourcePermissions(source, env),
    ...(item_metadata ? [filePermissions(item_metadata.path, env)] : []),
    uriPermissions(output.path, env),
    plugin,
    study,
  ];
  return {
    read: absolute([
      ...read,
      recipePath,
      ...needed.flatMap(({ read }) => read),
      // The old pointer and the lock are read before they are written.
      outputFolder,
      ...(artifactRoot !== null && outputFile !== null ? [artifactRoot] : []),
      ...study.read,
    ]),
    write: absolute([outputFolder, ...study.write]),
    net: distinct([
      ...needed.flatMap(({ net }) => net),
    ]),
    env: distinct(["RECOTEM_*", ...needed.flatMap(({ env }) => env)]),
  };
}

function storagePermissions(text: string): RecipePermissions {
  const storage = studyStorage(text);
  switch (storage.type) {
    case "journal":
    case "sqlite":
      return { read: [storage.path], write: [storage.path], net: [], env: [] };
    case "postgresql": {
      const { host, port, rootCertificate } = storage;
      return {
        read: rootCertificate === null ? [] : [rootCertificate],
        write: [],
        net: [`${host}:${port}`],
        env: POSTGRESQL_VARIABLES,
      };
    }
    case "memory":
    case "refused":
      return { read: [], write: [], net: [], env: [] };
  }
}

function absolute(paths: readonly string[]): string[] {
  return distinct(paths.map((path) => resolve(path)));
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
