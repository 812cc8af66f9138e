import { parseRecipe } from "../../core/recipe/parse_recipe.ts";
import type { Recipe } from "../../core/recipe/recipe.ts";

/** The recipe `shop`, which says this of requests, of items with fields. */
export function servingRecipe(
  serving: string,
  fields: readonly string[],
): Promise<Recipe> {
  return parseRecipe(
    `
name: shop
source: { type: csv, path: none.csv }
schema: { user_column: user, item_column: item }
item_metadata: { type: csv, path: items.csv, fields: [${fields}] }
training: { algorithms: [TopPop] }
output: { path: shop.recotem }
serving: ${serving}
`,
    { path: "shop.yaml", env: new Map() },
  );
}
