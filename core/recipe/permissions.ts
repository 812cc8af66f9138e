import { uriPermissions } from "../storage/uri_permissions.ts";
import { dirname, resolve } from "../std/path.ts";
import { localPath } from "./local_path.ts";
import type { Recipe } from "./recipe.ts";

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
  /** Further files and folders to read, such as the program's own modules. */
  readonly read?: readonly string[];
}

/** Addresses of object stores; a bucket's own host lies below them. */
const STORE_HOSTS: Readonly<Record<string, readonly string[]>> = {
  "s3:": ["*.amazonaws.com:443"],
  "gs:": ["storage.googleapis.com:443"],
  "az:": ["*.blob.core.windows.net:443"],
  "abfs:": ["*.dfs.core.windows.net:443"],
  "abfss:": ["*.dfs.core.windows.net:443"],
};

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  "postgres:": 5432,
  "postgresql:": 5432,
  "mysql:": 3306,
};

/** SQLite keeps its journals beside the file. */
const SQLITE_SUFFIXES = ["", "-journal", "-wal", "-shm"];

/**
 * What training a recipe needs, and nothing else: the files and hosts that the recipe names, the folder of its output
 * with lock and pointer, and `RECOTEM_*` variables. Relative paths belong to the working directory.
 */
export function recipePermissions(
  recipe: Recipe,
  { recipePath, artifactRoot, lockFolder, read = [] }: RecipePermissionsOptions,
): RecipePermissions {
  const { source, item_metadata, output, training } = recipe;
  const files = [source.path, ...(item_metadata ? [item_metadata.path] : [])];
  const outputFile = localPath(output.path);
  const outputFolder = outputFile === null ? lockFolder : dirname(outputFile);
  const study = studyFiles(training.storage_path);
  return {
    read: absolute([
      ...read,
      recipePath,
      ...files.flatMap((file) => localPath(file) ?? []),
      // The old pointer and the lock are read before they are written.
      outputFolder,
      ...(artifactRoot !== null && outputFile !== null ? [artifactRoot] : []),
      ...study,
    ]),
    write: absolute([outputFolder, ...study]),
    net: distinct(
      [...files, output.path, training.storage_path].flatMap(hosts),
    ),
    env: ["RECOTEM_*"],
  };
}

function studyFiles(storage: string): string[] {
  const file = storage.startsWith("sqlite:")
    ? storage.replace(/^sqlite:(\/\/\/?)?/, "")
    : storage;
  if (file === "" || /^[A-Za-z][A-Za-z0-9+.-]+:/.test(file)) return [];
  return SQLITE_SUFFIXES.map((suffix) => file + suffix);
}

function hosts(uri: string): readonly string[] {
  if (!URL.canParse(uri)) return [];
  const { net } = uriPermissions(uri);
  if (net.length > 0) return net;
  const { protocol, hostname, port } = new URL(uri);
  const known = STORE_HOSTS[protocol];
  if (known !== undefined) return known;
  const defaultPort = DEFAULT_PORTS[protocol];
  return defaultPort === undefined
    ? []
    : [`${hostname}:${port || defaultPort}`];
}

function absolute(paths: readonly string[]): string[] {
  return distinct(paths.map((path) => resolve(path)));
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
