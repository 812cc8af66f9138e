import type { Events } from "../core/config/events.ts";
import type { ItemTable } from "../core/models/item_table.ts";
import type { Recipe } from "../core/recipe/recipe.ts";
import type { Store } from "../core/storage/store.ts";
import { checkServing } from "./check_serving.ts";
import { createDataSource } from "./data/create_data_source.ts";
import type { Interactions } from "./data/interactions.ts";
import { readInteractions } from "./data/read_interactions.ts";
import { readItemTable } from "./data/read_item_table.ts";

/** What {@linkcode readData} works with. */
export interface ReadDataContext {
  /** Where the sources are. */
  readonly store: Store;
  readonly events: Events;
  readonly signal: AbortSignal;
  /** Cap on the raw bytes of one source. */
  readonly maxDownloadBytes: number;
  /** Called with the sizes of the data. */
  note(facts: Readonly<Record<string, unknown>>): void;
}

/** What a recipe's sources hold. */
export interface RecipeData {
  readonly interactions: Interactions;
  /** Fields of the items; null when the recipe names none. */
  readonly table: ItemTable | null;
}

/**
 * Reads and cleanses the data of a recipe.
 *
 * @throws {RecotemError} Exit code 3 or 7 for the data; `recipe_error` when the recipe's `serving` does not fit it.
 */
export async function readData(
  recipe: Recipe,
  { store, events, signal, maxDownloadBytes, note }: ReadDataContext,
): Promise<RecipeData> {
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
  checkServing(recipe.serving, table);
  return { interactions, table };
}
