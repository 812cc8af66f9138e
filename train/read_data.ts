import type { Recipe } from "../core/recipe/recipe.ts";
import type { ItemTable } from "../core/models/item_table.ts";
import { checkServing } from "../core/recipe/check_serving.ts";
import { createDataSource } from "./data/create_data_source.ts";
import type { Interactions } from "./data/interactions.ts";
import { readInteractions } from "./data/read_interactions.ts";
import { readItemTable } from "./data/read_item_table.ts";
import type { SearchContext } from "./train_options.ts";

/**
 * Reads and cleanses what a recipe names.
 *
 * @throws {RecotemError} Exit code 3 or 7 for the data; `recipe_error` when the recipe's `serving` does not fit it.
 */
export async function readData(
  recipe: Recipe,
  { maxDownloadBytes, note, ...context }: SearchContext,
): Promise<
  {
    interactions: Interactions;
    table: ItemTable | null;
  }
> {
  const { events, signal } = context;
  const dependencies = { ...context, maxBytes: maxDownloadBytes };
  const source = createDataSource(recipe.source, dependencies);
  events.info("fetching_data", { type: source.type });
  const interactions = await readInteractions(
    source,
    recipe.schema,
    recipe.cleansing,
    { events, signal },
  );
  const { rows, users, items, dropped } = interactions.stats;
  note({ n_rows: rows, n_users: users, n_items: items });
  events.info("data_fetched", { n_rows: rows + dropped });
  events.info("data_cleansed", {
    n_rows: rows,
    n_users: users,
    n_items: items,
    drop_count: dropped,
  });
  const table = recipe.item_metadata &&
    await readItemTable(
      recipe.item_metadata,
      interactions.items,
      dependencies,
      signal,
    );
  checkServing(recipe.serving, table);
  return { interactions, table };
}
