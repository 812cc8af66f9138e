/**
 * What reading recipes costs a server that starts: `deno bench -A bench/recipe_bench.ts`.
 *
 * @module
 */
import { parseRecipe } from "../core/recipe/parse_recipe.ts";

const RECIPE = `
name: purchases
source:
  type: parquet
  path: recipes/retail/purchases.parquet
schema: { user_column: customer, item_column: item, time_column: time }
cleansing: { dedup: keep_last, min_rows: 1000 }
item_metadata:
  type: csv
  path: recipes/retail/items.csv
  fields: [title, price]
training:
  algorithms: [TopPop, CosineKNN, RP3beta, IALS]
  metric: ndcg
  cutoff: 10
  n_trials: 20
  per_algorithm_trials: { TopPop: 1 }
  split: { scheme: time_user, heldout_ratio: 0.2 }
output: { path: artifacts/purchases.recotem }
`;
const OPTIONS = { path: "purchases.yaml", env: new Map<string, string>() };

Deno.bench("parseRecipe()", { group: "recipe", baseline: true }, async () => {
  await parseRecipe(RECIPE, OPTIONS);
});

Deno.bench("parseRecipe() that refuses", { group: "recipe" }, async () => {
  await parseRecipe(RECIPE.replace("cutoff", "cutof"), OPTIONS).catch(() => {});
});

/** Each in its own process, as a start is: nothing is compiled yet and nothing in memory. */
const SCRIPTS: Readonly<Record<string, string>> = {
  "start deno": "",
  "and import the recipe loader":
    'import "./core/recipe/load_recipes_directory.ts";',
  "and import logging": 'import "./core/config/configure_logging.ts";',
  "and import the variables": 'import "./core/config/read_variables.ts";',
  "and import the arguments": 'import "./core/config/parse_arguments.ts";',
  "and read 100 recipes": `
    import { parseRecipe } from "./core/recipe/parse_recipe.ts";
    for (let i = 0; i < 100; i++) {
      await parseRecipe(${
    JSON.stringify(RECIPE)
  }, { path: "r", env: new Map() });
    }`,
};

for (const [name, script] of Object.entries(SCRIPTS)) {
  Deno.bench({
    name,
    group: "process",
    baseline: script === "",
    n: 10,
    warmup: 2,
    async fn() {
      await run(script);
    },
  });
}

async function run(script: string): Promise<void> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "-"],
    stdin: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(script));
  await writer.close();
  const { success } = await child.status;
  if (!success) throw new Error("The script failed");
}
