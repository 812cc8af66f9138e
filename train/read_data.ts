import type { Recipe } from "../core/recipe/recipe.ts";
import type { ItemTable } from "../core/models/item_table.ts";
import { createDataSource } from "./data/create_data_source.ts";
import type { Interactions } from "./data/interactions.ts";
import { readInteractions } from "./data/read_interactions.ts";
import { readItemTable } from "./data/read_item_table.ts";
import type { SearchContext } from "./train_options.ts";

/** Reads and cleanses what a recipe names. */
export async function readData(
  recipe: Recipe,
  { store, events, signal, maxDownloadBytes, note }: SearchContext,
): Promise<
  {
    interactions: Interactions;
    table: Awaited<ReturnType<typeof readItemTable>> | null;
  }
> {
  const dependencies = { store, events, maxBytes: maxDownloadBytes };
  events.info("fetching_data", { type: recipe.source.type });
  const interactions = await readInteractions(
    createDataSource(recipe.source, dependencies),
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
  return { interactions, table };
}
