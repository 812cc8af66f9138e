import { SILENT } from "../../core/config/events.ts";
import { loadRecipe } from "../../core/recipe/load_recipe.ts";
import { createStore } from "../../core/storage/create_store.ts";
import { createDataSource } from "../../train/data/create_data_source.ts";
import { readInteractions } from "../../train/data/read_interactions.ts";
import { readItemTable } from "../../train/data/read_item_table.ts";

/** A customer and what they bought last. */
export interface Customer {
  readonly id: string;
  /** Titles of the latest purchases, latest first. */
  readonly bought: readonly string[];
  /** How many different items they bought. */
  readonly count: number;
}

const SHOWN = 5;

/** Customers of the recipe's data with `items` different items each, spread over all such customers. */
export async function someCustomers(
  recipePath: string,
  items: readonly number[],
): Promise<Customer[]> {
  const recipe = await loadRecipe(recipePath, {
    env: Deno.env,
    artifactRoot: null,
  });
  const dependencies = {
    store: createStore(),
    events: SILENT,
    maxBytes: Infinity,
  };
  const { users, items: catalogue, matrix, times } = await readInteractions(
    createDataSource(recipe.source, dependencies),
    recipe.schema,
    recipe.cleansing,
    { events: SILENT, signal: new AbortController().signal },
  );
  const titles = await readItemTable(
    recipe.item_metadata!,
    catalogue,
    dependencies,
  );
  return items.map((count) => {
    const candidates: number[] = [];
    for (let user = 0; user < matrix.rows; user++) {
      const own = matrix.indptr[user + 1]! - matrix.indptr[user]!;
      if (own === count) candidates.push(user);
    }
    const user = candidates[Math.floor(candidates.length / 2)]!;
    const positions = Array.from(
      { length: count },
      (_, n) => matrix.indptr[user]! + n,
    ).sort((a, b) => times![b]! - times![a]!);
    return {
      id: users.id(user),
      count,
      bought: positions.slice(0, SHOWN).map((at) =>
        String(titles.row(matrix.indices[at]!).title)
      ),
    };
  });
}
