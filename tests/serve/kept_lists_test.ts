import { assert, assertEquals } from "@std/assert";
import { KeptLists } from "../../serve/kept_lists.ts";
import { Client, entry } from "./client.ts";
import { servingRecipe } from "./serving_recipe.ts";
import { shopModel, shopRecommender } from "./shop.ts";

Deno.test("KeptLists keeps lists by user and length, as long as there is room", () => {
  const lists = new KeptLists();
  lists.set(1, 2, "a");
  lists.set(2, 1, "b");
  assertEquals([lists.get(1, 2), lists.get(2, 1), lists.get(1, 1)], [
    "a",
    "b",
    undefined,
  ]);
  const long = "x".repeat(2 ** 20);
  for (let user = 10; user < 20; user++) lists.set(user, 1000, long);
  const kept = Array.from(
    { length: 10 },
    (_, n) => lists.get(10 + n, 1000) !== undefined,
  );
  // The eighth would be two characters too many.
  assertEquals(kept, [...Array(7).fill(true), ...Array(3).fill(false)]);
  assertEquals(lists.get(1, 2), "a");
});

/** A client of a shop that counts how often its model ranks; the recipe says this of requests. */
async function countingClient(serving: string = "{}") {
  const recommender = shopRecommender();
  const recommend = recommender.recommend.bind(recommender);
  let ranked = 0;
  recommender.recommend = (user, options) => {
    ranked++;
    return recommend(user, options);
  };
  const model = shopModel({}, { recommender });
  const recipe = await servingRecipe(serving, ["title"]);
  const client = new Client({ entries: [entry({ model, recipe })] });
  return { client, ranked: () => ranked };
}

Deno.test("a model ranks once for the same user and length, and each time for anything else", async () => {
  const { client, ranked } = await countingClient();
  async function ask(body: object, times: number): Promise<unknown[]> {
    const answers = [];
    for (let n = 0; n < times; n++) {
      const response = await client.verb("shop:recommend", body);
      const { items } = await response.json();
      assert(response.headers.has("X-Recotem-Model-Version"));
      answers.push(items);
    }
    for (const answer of answers) assertEquals(answer, answers[0]);
    return answers[0];
  }
  const plain = await ask({ user_id: "ann", limit: 2 }, 3);
  assertEquals([plain.length, ranked()], [2, 1]);
  const predicted = await client.predict({ user_id: "ann", cutoff: 2 });
  assertEquals([(await predicted.json()).items, ranked()], [plain, 1]);
  await ask({ user_id: "bob", limit: 2 }, 1);
  await ask({ user_id: "ann", limit: 3 }, 1);
  assertEquals(ranked(), 3);
  await ask({ user_id: "ann", limit: 2, exclude_items: ["bread"] }, 2);
  assertEquals(ranked(), 5);
});

Deno.test("a model ranks each time where the recipe says something of requests, which may change", async () => {
  for (
    const serving of [
      "{ limit: 2 }",
      "{ fallback: error }",
      "{ include_seen: false }",
      "{ diversity: {} }",
      "{ boosts: [] }",
    ]
  ) {
    const { client, ranked } = await countingClient(serving);
    for (let n = 0; n < 2; n++) {
      await client.verb("shop:recommend", { user_id: "ann", limit: 2 });
    }
    assertEquals(ranked(), 2, serving);
  }
});

Deno.test("no list outlives its model", async () => {
  const { client } = await countingClient();
  const ask = async () =>
    (await (await client.predict({ user_id: "ann", cutoff: 1 })).json()).items;
  assertEquals(await ask(), [{ item_id: "bread", score: 8 }]);
  client.registry.set(entry({ model: shopModel({ scores: { fig: 1 } }) }));
  assertEquals(await ask(), [{ item_id: "fig", score: 1 }]);
});
