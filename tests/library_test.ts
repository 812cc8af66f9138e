/** What a program sees that uses the library: the package's name, and no file of it. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  createEvents,
  createStore,
  type EventFields,
  type Events,
  inspectArtifact,
  KeyRing,
  openRecommender,
  parseRecipe,
  type Recipe,
  recipePermissions,
  RecotemError,
  train,
} from "@recotem/core";

/** Ten readers of two tastes: even ones borrow a, b and c, odd ones x, y and z, each all but one. */
const LOANS = [
  "reader,book",
  ...Array.from({ length: 10 }, (_, reader) => {
    const books = reader % 2 === 0 ? ["a", "b", "c"] : ["x", "y", "z"];
    books.splice(reader % 3, 1);
    return books.map((book) => `r${reader},${book}`).join("\n");
  }),
].join("\n");

const TITLES = "book,title,pages\na,Ada,100\nb,Emma,\nx,Ivanhoe,300\n";

async function withRecipe(
  run: (recipe: Recipe, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/loans.csv`, LOANS);
    await Deno.writeTextFile(`${folder}/titles.csv`, TITLES);
    const recipe = await parseRecipe(
      `
name: books
source: { type: csv, path: ${folder}/loans.csv }
schema: { user_column: reader, item_column: book }
item_metadata:
  type: csv
  path: ${folder}/titles.csv
  item_id_column: book
  fields: [title, pages]
training:
  algorithms: [CosineKNN, TopPop]
  n_trials: 3
  split: { heldout_ratio: 0.5 }
output: { path: ${folder}/books.recotem }
`,
      { path: "books.yaml", env: new Map() },
    );
    await run(recipe, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const KEYS = KeyRing.parse(`shop:${"5a".repeat(32)}`);

Deno.test("@recotem/core trains a recipe, opens the artifact and recommends items with their fields", () =>
  withRecipe(async (recipe) => {
    const told: string[] = [];
    const tell = (event: string, _fields?: EventFields) => told.push(event);
    const events: Events = { debug: tell, info: tell, warn: tell, error: tell };
    const { publication, header, leaderboard } = await train(recipe, {
      keys: KEYS,
      events,
    });
    assertEquals(told.slice(-2), ["artifact_written", "report_written"]);
    assertEquals(header.data_stats.n_users, 10);
    assertEquals(leaderboard.length, 2);

    const { recommender, header: read, digest } = await openRecommender(
      recipe.output.path,
      { keys: KEYS, recipeName: "books" },
    );
    assertEquals(digest, publication.sha256);
    assertEquals(read.recipe_hash, header.recipe_hash);
    // r0 has b and c: of its taste there is a left.
    const { items, scores } = recommender.recommend(
      recommender.users.indexOf("r0"),
      { limit: 1 },
    );
    assertEquals(Array.from(items, (n) => recommender.items.id(n)), ["a"]);
    assert(scores[0]! > 0);
    assertEquals(recommender.table?.row(items[0]!), {
      title: "Ada",
      pages: "100",
    });
    const c = recommender.items.indexOf("c");
    assertEquals(recommender.table?.row(c), { title: null, pages: null });
  }));

Deno.test("@recotem/core refuses an artifact that was signed with another key, by a typed error", () =>
  withRecipe(async (recipe) => {
    await train(recipe, { keys: KEYS });
    const error = await assertRejects(
      () =>
        openRecommender(recipe.output.path, {
          keys: KeyRing.parse(`shop:${"5b".repeat(32)}`),
        }),
      RecotemError,
    );
    assertEquals([error.code, error.exitCode, error.status], [
      "artifact_error",
      5,
      503,
    ]);
  }));

Deno.test("@recotem/core tells what a recipe may touch and what an artifact says of itself", () =>
  withRecipe(async (recipe, folder) => {
    const { read, write, net } = recipePermissions(recipe, {
      recipePath: `${folder}/books.yaml`,
      env: new Map(),
      artifactRoot: null,
      lockFolder: `${folder}/locks`,
    });
    assertEquals(read, [
      folder,
      `${folder}/books.yaml`,
      `${folder}/loans.csv`,
      `${folder}/titles.csv`,
    ]);
    assertEquals([write, net], [[folder], []]);
    await train(recipe, { keys: KEYS, events: createEvents() });
    const { header } = await inspectArtifact(
      createStore(),
      recipe.output.path,
      { keys: KEYS, maxArtifactBytes: 2 ** 20, maxPayloadBytes: 2 ** 20 },
    );
    assertEquals(header.recipe_name, "books");
  }));
