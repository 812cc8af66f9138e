import { SILENT } from "../config/events.ts";
import { RecotemError } from "../errors.ts";
import { problemsError } from "./_recipe_error.ts";
import { parseRecipe, type ParseRecipeOptions } from "./parse_recipe.ts";
import type { Recipe } from "./recipe.ts";
import { requireInArtifactRoot } from "./require_in_artifact_root.ts";

/** Options of {@linkcode loadRecipe}. */
export interface LoadRecipeOptions extends Omit<ParseRecipeOptions, "path"> {
  /** Folder that local outputs must lie in, `RECOTEM_ARTIFACT_ROOT`; null for no such rule. */
  readonly artifactRoot: string | null;
  /** Told the text of the file, its `${NAME}` not filled in, once it has turned out to be a recipe. */
  onText?(text: string): void;
}

/**
 * Reads a recipe file. Needs read permission for the file, and for the artifact root and output folder if there is a
 * root. Tells `recipe_loaded` to the events.
 *
 * @throws {RecotemError} Exit code 2, as {@linkcode parseRecipe}; also when the file cannot be read (`error_class` is
 * `io`) or the output is not within the artifact root (`security`).
 */
export async function loadRecipe(
  path: string,
  { artifactRoot, onText, ...options }: LoadRecipeOptions,
): Promise<Recipe> {
  const bytes = await readFile(path);
  const recipe = await parseRecipe(bytes, { ...options, path });
  if (artifactRoot !== null) {
    try {
      await requireInArtifactRoot(recipe.output.path, artifactRoot);
    } catch (error) {
      if (!(error instanceof RecotemError)) throw error;
      throw await problemsError(path, new TextDecoder().decode(bytes), [{
        path: ["output", "path"],
        at: "value",
        message: error.message,
        code: error.code,
      }]);
    }
  }
  onText?.(new TextDecoder().decode(bytes));
  const { events = SILENT } = options;
  events.info("recipe_loaded", { name: recipe.name, path });
  return recipe;
}

async function readFile(path: string): Promise<Uint8Array> {
  try {
    return await Deno.readFile(path);
  } catch (cause) {
    throw new RecotemError(
      "recipe_error",
      `${path}: The recipe cannot be read: ${reason(cause)}`,
      { cause, details: { error_class: "io" } },
    );
  }
}

function reason(cause: unknown): string {
  if (cause instanceof Deno.errors.NotFound) return "there is no such file";
  if (cause instanceof Deno.errors.IsADirectory) return "it is a folder";
  return cause instanceof Error ? cause.name : String(cause);
}
