import { assert, assertEquals } from "@std/assert";
import { RecotemError } from "../../../core/errors.ts";
import {
  parseRecipe,
  type ParseRecipeOptions,
} from "../../../core/recipe/parse_recipe.ts";
import type { Recipe } from "../../../core/recipe/recipe.ts";

/** A recipe with every block replaceable by other lines. */
export function recipeText(blocks: Record<string, string> = {}): string {
  const lines: Record<string, string> = {
    name: "name: books",
    source: "source: { type: csv, path: loans.csv }",
    schema: "schema: { user_column: reader, item_column: book }",
    training: "training: { algorithms: [TopPop] }",
    output: "output: { path: books.recotem }",
    ...blocks,
  };
  return Object.values(lines).join("\n") + "\n";
}

export function parse(
  text: string | Uint8Array,
  options: Partial<ParseRecipeOptions> = {},
): Promise<Recipe> {
  return parseRecipe(text, { path: "r.yaml", env: new Map(), ...options });
}

/** The error that a text is refused with. */
export async function refusal(
  text: string | Uint8Array,
  options: Partial<ParseRecipeOptions> = {},
): Promise<RecotemError> {
  const error = await parse(text, options).then(() => null, (error) => error);
  assert(error instanceof RecotemError, `accepted, or threw ${error}`);
  assertEquals(error.exitCode, 2);
  assert(
    /^r\.yaml:\d+:\d+: [A-Z][^\n]*[^.\n]$/.test(error.message),
    error.message,
  );
  return error;
}
