import { assert, assertEquals, assertRejects } from "@std/assert";
import { KeyRing } from "../../artifact/key_ring.ts";
import { RecotemError } from "../../core/errors.ts";
import { parseRecipe } from "../../core/recipe/parse_recipe.ts";
import type { Recipe } from "../../core/recipe/recipe.ts";
import {
  evaluateServing,
  type ServingEvaluation,
  type ServingScore,
} from "../../train/evaluate_serving.ts";
import { train } from "../../train/train.ts";
import { recordEvents } from "../core/record_events.ts";
import { KEYS } from "./fixture.ts";
import { LOANS, TITLES } from "./loans.ts";

/** A folder with loans, and recipes that read them and write to one place. */
class Library implements AsyncDisposable {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(more: string = ""): Promise<Library> {
    const folder = await Deno.realPath(await Deno.makeTempDir());
    await Deno.writeTextFile(`${folder}/loans.csv`, LOANS + more);
    await Deno.writeTextFile(`${folder}/titles.csv`, TITLES);
    return new Library(folder);
  }

  recipe(
    {
      serving = "{}",
      name = "books",
      algorithms = "CosineKNN",
      split = "heldout_ratio: 0.3",
    }: {
      readonly serving?: string;
      readonly name?: string;
      readonly algorithms?: string;
      readonly split?: string;
    } = {},
  ): Promise<Recipe> {
    return parseRecipe(
      `
name: ${name}
source: { type: csv, path: ${this.#folder}/loans.csv }
schema: { user_column: reader, item_column: book, time_column: at }
item_metadata: { type: csv, path: ${this.#folder}/titles.csv, item_id_column: book, fields: [title] }
training: { algorithms: [${algorithms}], cutoff: 5, n_trials: 2, split: { ${split} } }
output: { path: ${this.#folder}/models/books.recotem }
serving: ${serving}
`,
      { path: "r", env: new Map() },
    );
  }

  async files(): Promise<string[]> {
    const models = `${this.#folder}/models`;
    return (await Array.fromAsync(Deno.readDir(models)))
      .map(({ name }) => name).sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#folder, { recursive: true });
  }
}

function evaluate(
  recipe: Recipe,
  { keys = KEYS, events = recordEvents() }: {
    readonly keys?: KeyRing;
    readonly events?: ReturnType<typeof recordEvents>;
  } = {},
): Promise<ServingEvaluation> {
  return evaluateServing(recipe, {
    keys,
    events,
  });
}

function named(
  { scores }: ServingEvaluation,
  name: string,
): ServingScore {
  return scores.find((score) => score.name === name)!;
}

for (
  const algorithm of ["CosineKNN", "IALS", "DenseSLIM", "BPRFM"] as const
) {
  Deno.test(`evaluateServing() finds the score again that training found: ${algorithm}`, async () => {
    await using library = await Library.open();
    const recipe = await library.recipe({ algorithms: algorithm });
    const { header } = await train(recipe, { keys: KEYS });
    const found = await evaluate(recipe);
    assertEquals(found.scores.map(({ name }) => name), ["plain"]);
    const [plain] = found.scores;
    assert(Math.abs(plain!.ndcg - header.best_score!) < 1e-6);
    assertEquals(
      [found.held_out, found.users, found.artifact.best_class, plain!.change],
      ["validation", header.metrics!.users, `${algorithm}Recommender`, null],
    );
  });
}

Deno.test("evaluateServing() scores each default by itself and all together, beside plain lists", async () => {
  await using library = await Library.open();
  await train(await library.recipe(), { keys: KEYS });
  const before = await library.files();
  const found = await evaluate(
    await library.recipe({
      serving:
        '{ limit: 1, include_seen: true, filter: { field: title, eq: "none" }, diversity: { lambda: 0.2 }, fallback: popular, boosts: [{ filter: { field: title, eq: "Title 3" }, factor: 1000 }] }',
    }),
  );
  assertEquals(found.scores.map(({ name }) => name), [
    "plain",
    "fallback",
    "include_seen",
    "filter",
    "diversity",
    "boosts",
    "all",
  ]);
  const plain = named(found, "plain");
  // Everyone has something, so nobody gets what is popular.
  assertEquals(named(found, "fallback").change, { ndcg: 0, interval: [0, 0] });
  assertEquals(
    ["plain", "fallback", "filter"].map((name) =>
      named(found, name).lists_changed
    ),
    [0, 0, 1],
  );
  const filtered = named(found, "filter");
  assertEquals([filtered.ndcg, filtered.recall, filtered.coverage], [0, 0, 0]);
  assertEquals(filtered.change!.ndcg, -plain.ndcg);
  const [low, high] = filtered.change!.interval;
  assert(low <= -plain.ndcg && -plain.ndcg <= high && high < 0);
  assertEquals(named(found, "all").ndcg, 0);
  // What a reader has takes places of the list, and is never what is held out.
  assert(named(found, "include_seen").recall < plain.recall);
  assert(named(found, "diversity").ndcg !== plain.ndcg);
  assert(named(found, "boosts").ndcg !== plain.ndcg);
  assertEquals(await library.files(), before);
});

Deno.test("evaluateServing() gives what is popular to those of whom nothing was known, with fallback: popular", async () => {
  // Many have had the last book of all for long; then new readers come and want it.
  const more = Array.from(
    { length: 30 },
    (_, n) =>
      `p${n},b9,2026-02-01\np${n},b1,2026-02-01\nnew${n},b9,2026-03-01\n`,
  ).join("");
  await using library = await Library.open(more);
  // A search would end at the score of 0 that plain lists have there.
  await train(await library.recipe(), { keys: KEYS });
  const recipe = await library.recipe({
    split: "scheme: time_global, heldout_ratio: 0.05",
    serving: "{ fallback: popular }",
  });
  const found = await evaluate(recipe);
  assertEquals(
    [named(found, "plain").recall, named(found, "fallback").recall],
    [0, 1],
  );
});

Deno.test("evaluateServing() scores on what no trial saw, where the split sets that aside", async () => {
  await using library = await Library.open();
  const recipe = await library.recipe({
    split: "heldout_ratio: 0.3, test_ratio: 0.4",
  });
  const { header } = await train(recipe, { keys: KEYS });
  const found = await evaluate(recipe);
  assertEquals(
    [found.held_out, found.users],
    ["test", header.test_metrics!.users],
  );
  assert(Math.abs(found.scores[0]!.ndcg - header.test_score!) < 1e-6);
});

Deno.test("evaluateServing() refuses what is not there, not signed by its keys, or of another recipe", async () => {
  await using library = await Library.open();
  const recipe = await library.recipe();
  const none = await assertRejects(() => evaluate(recipe), RecotemError);
  assertEquals(none.code, "artifact_error");
  await train(recipe, { keys: KEYS });
  const keys = KeyRing.parse(`other:${"11".repeat(32)}`);
  const forged = await assertRejects(
    () => evaluate(recipe, { keys }),
    RecotemError,
  );
  assertEquals(forged.code, "artifact_error");
  const other = await library.recipe({ name: "films" });
  const mistaken = await assertRejects(() => evaluate(other), RecotemError);
  assertEquals(mistaken.code, "artifact_error");
});

Deno.test("evaluateServing() tells when the recipe has changed since the training, by more than serving", async () => {
  await using library = await Library.open();
  await train(await library.recipe(), { keys: KEYS });
  async function told(recipe: Recipe): Promise<boolean> {
    const events = recordEvents();
    await evaluate(recipe, { events });
    return events.seen.some(([, event]) =>
      event === "recipe_changed_since_training"
    );
  }
  assertEquals(
    await told(await library.recipe({ serving: "{ limit: 3 }" })),
    false,
  );
  const changed = { algorithms: "CosineKNN, TopPop" };
  assertEquals(await told(await library.recipe(changed)), true);
});
