import { type Events, SILENT } from "../config/events.ts";
import { RecotemError } from "../errors.ts";
import { join, relative } from "../std/path.ts";
import type { ErrorClass } from "./problem.ts";
import { loadRecipe, type LoadRecipeOptions } from "./load_recipe.ts";
import type { Recipe } from "./recipe.ts";

export type { ErrorClass } from "./problem.ts";

/** One recipe file of a folder. */
export type RecipeEntry = LoadedRecipe | FailedRecipe;

/** A file that is a recipe. */
export interface LoadedRecipe {
  readonly name: string;
  readonly path: string;
  readonly recipe: Recipe;
  readonly error: null;
  readonly errorClass: null;
}

/** A file that is none; it keeps its place under the file's stem. */
export interface FailedRecipe {
  /** Stem of the file name, followed by `_1`, `_2`, … where that is taken. */
  readonly name: string;
  readonly path: string;
  readonly recipe: null;
  /** `YAML parse failed: ` and the reason. */
  readonly error: string;
  readonly errorClass: ErrorClass;
}

/** Options of {@linkcode loadRecipesDirectory}. */
export interface LoadRecipesOptions extends LoadRecipeOptions {
  /** Whether the first bad file ends it with an error, instead of being listed. */
  readonly strict?: boolean;
}

/**
 * Reads every recipe of a folder: its files that end in `.yaml`, in the order of their names. Of two recipes with one
 * name the first counts. Needs read permission for the folder.
 *
 * @returns One entry for each file, names distinct.
 * @throws {RecotemError} `recipe_error` when the folder cannot be read; with `strict`, also for the first bad file.
 */
export async function loadRecipesDirectory(
  directory: string,
  { strict = false, ...options }: LoadRecipesOptions,
): Promise<readonly RecipeEntry[]> {
  const { events = SILENT } = options;
  const { root, files } = await listFiles(directory);
  const loaded = new Map<string, LoadedRecipe>();
  const failed: { file: string; path: string; error: RecotemError }[] = [];
  for (const file of files) {
    const path = join(directory, file);
    try {
      await requireWithin(root, path);
      const recipe = await loadRecipe(path, {
        ...options,
        // Serving reads no source, so that the plugin of one need not be there.
        sourcePlugins: "any",
      });
      const first = loaded.get(recipe.name);
      if (first !== undefined) {
        throw duplicateName(events, recipe.name, path, first.path);
      }
      loaded.set(recipe.name, {
        name: recipe.name,
        path,
        recipe,
        error: null,
        errorClass: null,
      });
    } catch (cause) {
      const error = cause instanceof RecotemError ? cause : new RecotemError(
        "recipe_error",
        `${path}: The recipe cannot be read: ${
          cause instanceof Error ? cause.name : "unknown error"
        }`,
        { cause, details: { error_class: "unknown" } },
      );
      if (strict) throw error;
      failed.push({ file, path, error });
      announceFailure(events, path, error);
    }
  }
  const entries = [
    ...loaded.values(),
    ...nameFailures(failed, new Set(loaded.keys())),
  ];
  events.info(
    strict ? "recipes_directory_loaded" : "recipes_directory_loaded_lenient",
    { path: directory, ok: loaded.size, errors: failed.length },
  );
  return entries.sort((a, b) => a.path < b.path ? -1 : 1);
}

async function listFiles(
  directory: string,
): Promise<{ root: string; files: readonly string[] }> {
  const files: string[] = [];
  try {
    const root = await Deno.realPath(directory);
    for await (const entry of Deno.readDir(directory)) {
      if (!/^.+\.yaml$/s.test(entry.name) || entry.isDirectory) continue;
      if (entry.isSymlink && await isFolder(join(directory, entry.name))) {
        continue;
      }
      files.push(entry.name);
    }
    return { root, files: files.sort() };
  } catch (cause) {
    throw new RecotemError(
      "recipe_error",
      `The recipes folder ${directory} cannot be read: it must be an existing folder`,
      { cause, details: { error_class: "io" } },
    );
  }
}

/** A link to nothing is no folder: the file is listed, and reading it fails with a reason. */
async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch {
    return false;
  }
}

async function requireWithin(root: string, path: string): Promise<void> {
  let real: string;
  try {
    real = await Deno.realPath(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotCapable) throw outside(path);
    return; // Reading the file says what is wrong.
  }
  if (/^\.\.(?:[/\\]|$)|^[A-Za-z]:/.test(relative(root, real))) {
    throw outside(path);
  }
}

function outside(path: string): RecotemError {
  return new RecotemError(
    "recipe_security_error",
    `${path}: A link out of the recipes folder: put the file itself there`,
    { details: { error_class: "security" } },
  );
}

function duplicateName(
  events: Events,
  name: string,
  file: string,
  first: string,
): RecotemError {
  events.warn("recipe_duplicate_name_skipped", { file, name });
  return new RecotemError(
    "recipe_error",
    `${file}: The name "${name}" is taken by ${first}: give each recipe its own`,
    { details: { error_class: "schema" } },
  );
}

function announceFailure(
  events: Events,
  path: string,
  error: RecotemError,
): void {
  const fields = { path, error: error.message, error_class: classOf(error) };
  if (fields.error_class === "security") {
    events.error("recipe_security_violation_skipped", fields);
  } else {
    events.warn("recipe_load_error_skipped", fields);
  }
}

function classOf(error: RecotemError): ErrorClass {
  return error.details.error_class as ErrorClass | undefined ?? "unknown";
}

function nameFailures(
  failed: readonly { file: string; path: string; error: RecotemError }[],
  taken: Set<string>,
): FailedRecipe[] {
  return failed.map(({ file, path, error }) => {
    const stem = file.slice(0, -".yaml".length);
    let name = stem;
    for (let i = 1; taken.has(name); i++) name = `${stem}_${i}`;
    taken.add(name);
    return {
      name,
      path,
      recipe: null,
      error: `YAML parse failed: ${error.message}`,
      errorClass: classOf(error),
    };
  });
}
