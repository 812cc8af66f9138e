import { SILENT } from "../core/config/events.ts";
import { createRandom } from "../core/kernels/create_random.ts";
import { loadRecipe } from "../core/recipe/load_recipe.ts";
import type { Recipe } from "../core/recipe/recipe.ts";
import { createStore } from "../core/storage/create_store.ts";
import { createDataSource } from "../train/data/create_data_source.ts";
import type { Interactions } from "../train/data/interactions.ts";
import { readInteractions } from "../train/data/read_interactions.ts";
import { splitInteractions, type SplitResult } from "../train/split.ts";

/** The retail recipe, its purchases, and the split by the recipe's seed; from the repository's root. */
export async function readRetail(): Promise<{
  readonly recipe: Recipe;
  readonly interactions: Interactions;
  readonly split: SplitResult;
}> {
  const recipe = await loadRecipe("recipes/retail/recipe.yaml", {
    env: Deno.env,
    artifactRoot: null,
  });
  const interactions = await readInteractions(
    createDataSource(recipe.source, {
      store: createStore(),
      events: SILENT,
      maxBytes: Infinity,
    }),
    recipe.schema,
    recipe.cleansing,
    { events: SILENT, signal: new AbortController().signal },
  );
  const { split } = recipe.training;
  return {
    recipe,
    interactions,
    split: splitInteractions(interactions, split, createRandom(split.seed)),
  };
}
