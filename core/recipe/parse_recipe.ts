import type { Environment } from "../config/environment.ts";
import { type Events, SILENT } from "../config/events.ts";
import { readYaml } from "./read_yaml.ts";
import { problemsError } from "./_recipe_error.ts";
import { validateRecipe } from "./_validate_recipe.ts";
import type { Recipe } from "./recipe.ts";

/** Options of {@linkcode parseRecipe}. */
export interface ParseRecipeOptions {
  /** Name of the file in messages. */
  readonly path: string;
  /** Where `${RECOTEM_RECIPE_...}` is looked up. */
  readonly env: Environment;
  /** Asked before `env`; see {@linkcode parseEnvOverrides}. */
  readonly envOverrides?: Environment;
  /**
   * The source types that plugins add, each with the keys of its block that are not expanded; `any` takes every type
   * that is not built in for one of them. Default: none.
   */
  readonly sourcePlugins?: ReadonlyMap<string, readonly string[]> | "any";
  /** Whether the artifact is only read, as by a server, and may lie at an `https:` URI; default: it is written. */
  readonly readOnly?: boolean;
  /** Told what is worth a warning; default: nobody. */
  readonly events?: Events;
}

/**
 * Makes a recipe of its YAML. Touches no file and no network.
 *
 * @param source Bytes of the file, or their text.
 * @returns The recipe with defaults filled in, algorithms under their canonical names.
 * @throws {RecotemError} Exit code 2. The message starts with `path:line:column:`, says what is wrong and what would be
 * right, and repeats no value of a variable and no URI; `details.problems` lists all problems found, and
 * `details.error_class` is `parse`, `schema` or `security`.
 *
 * @example
 * ```ts
 * import { parseRecipe } from "./parse_recipe.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const recipe = await parseRecipe(
 *   `
 * name: books
 * source: { type: csv, path: loans.csv }
 * schema: { user_column: reader, item_column: book }
 * training: { algorithms: [TopPop] }
 * output: { path: books.recotem }
 * `,
 *   { path: "books.yaml", env: new Map() },
 * );
 * assertEquals(recipe.training.cutoff, 20);
 * ```
 */
export async function parseRecipe(
  source: Uint8Array | string,
  {
    path,
    env,
    envOverrides = new Map(),
    sourcePlugins = new Map(),
    readOnly = false,
    events = SILENT,
  }: ParseRecipeOptions,
): Promise<Recipe> {
  const { text, document } = await readYaml(source, path);
  const result = validateRecipe(document, {
    env,
    envOverrides,
    sourcePlugins,
    readOnly,
    events,
  });
  if ("name" in result) return result;
  throw await problemsError(path, text, result);
}
