import type { Environment } from "../config/environment.ts";
import { uriPermissions } from "../storage/uri_permissions.ts";
import { dirname, resolve } from "../std/path.ts";
import { localPath } from "./local_path.ts";
import type { Recipe } from "./recipe.ts";
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
  /** Further files and folders to read, such as the program's own modules. */
  readonly read?: readonly string[];
}

/** postgres.js reads it whatever it is told. */
const POSTGRESQL_VARIABLES = ["PGAPPNAME"];

/**
 * What training a recipe needs, and nothing else: the files and hosts that the recipe names, the folder of its output
 * with lock and pointer, and `RECOTEM_*` variables; for object stores their hosts, and the variables that say where
 * they are and who asks. Relative paths belong to the working directory.
 */
export function recipePermissions(
  recipe: Recipe,
  options: RecipePermissionsOptions,
): RecipePermissions {
  const { recipePath, artifactRoot, lockFolder, env, read = [] } = options;
  const { source, item_metadata, output, training } = recipe;
  const files = [source.path, ...(item_metadata ? [item_metadata.path] : [])];
  const outputFile = localPath(output.path);
  const outputFolder = outputFile === null ? lockFolder : dirname(outputFile);
  const study = storagePermissions(training.storage_path);
  const remote = [...files, output.path].map((uri) => uriPermissions(uri, env));
  return {
    read: absolute([
      ...read,
      recipePath,
      ...files.flatMap((file) => localPath(file) ?? []),
      ...remote.flatMap(({ read }) => read),
      // The old pointer and the lock are read before they are written.
      outputFolder,
      ...(artifactRoot !== null && outputFile !== null ? [artifactRoot] : []),
      ...study.read,
    ]),
    write: absolute([outputFolder, ...study.write]),
    net: distinct([
      ...remote.flatMap(({ net }) => net),
      ...study.net,
    ]),
    env: distinct([
      "RECOTEM_*",
      ...remote.flatMap(({ env }) => env),
      ...study.env,
    ]),
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
