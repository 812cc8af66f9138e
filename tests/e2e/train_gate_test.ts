/** What keeps a worse model from being published, over the real command line. */
import { assert, assertEquals } from "@std/assert";
import { openRecommender } from "../../serve/open_recommender.ts";
import { KEYS } from "../train/fixture.ts";
import type { RecipeFolder } from "../cli/recipe_folder.ts";
import {
  assertRefused,
  loansFolder,
  namesOf,
  recipe,
  trainBooks,
} from "./train_run.ts";

function trainingBy(algorithm: string): string {
  return recipe({
    training:
      `training: { algorithms: [${algorithm}], n_trials: 2, cutoff: 5, split: { heldout_ratio: 0.3 }, gate: { max_drop: 0.05 } }`,
  });
}

/** Names and bytes below `models`, the lock aside. */
async function published(
  { path }: RecipeFolder,
): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  for await (const { name } of Deno.readDir(`${path}/models`)) {
    if (name.endsWith(".lock")) continue;
    found.set(name, await Deno.readFile(`${path}/models/${name}`));
  }
  return found;
}

Deno.test("recotem train refuses a model that training.gate does not let through: exit 4, gate_failed, the old one untouched", async () => {
  await using folder = await loansFolder(
    trainingBy("CosineKNN"),
  );
  const first = await trainBooks(folder);
  assertEquals(first.code, 0);
  assert(namesOf(first.events).includes("gate_passed"));
  const before = await published(folder);
  const { header } = await openRecommender(
    `${folder.path}/models/books.recotem`,
    { keys: KEYS },
  );

  await folder.write("books.yaml", trainingBy("TopPop"));
  const error = await assertRefused(folder, {
    code: "gate_failed",
    exit: 4,
    says:
      /ndcg@5, 0\.\d+, is \d+(\.\d)? % below 0\.\d+, .*models\/books\.recotem; training\.gate\.max_drop allows 5 %: nothing was published/,
  });
  assertEquals(error.published_score, header.best_score);
  assert(Number(error.score) < Number(error.published_score));
  assertEquals(await published(folder), before);
});
