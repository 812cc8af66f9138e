import { assert, assertEquals } from "@std/assert";
import { Client } from "../client.ts";
import { grocerEntry, idsOf } from "../grocer.ts";
import { servingRecipe } from "../serving_recipe.ts";

/** The grocer, whose recipe says this of requests. */
async function grocer(serving: string): Promise<Client> {
  const fields = ["kind", "price", "size"];
  const recipe = await servingRecipe(serving, fields);
  return new Client({ entries: [{ ...grocerEntry(), recipe }] });
}

async function ask(
  client: Client,
  body: object,
  verb: string = "recommend",
  // deno-lint-ignore no-explicit-any -- a JSON document is looked at
): Promise<any> {
  return await (await client.verb(`shop:${verb}`, body)).json();
}

Deno.test("verbs take from the recipe what a request does not say", async () => {
  const client = await grocer(
    "{ limit: 1, filter: { field: price, gte: 4 }, fallback: popular }",
  );
  assertEquals(idsOf(await ask(client, { user_id: "ann" })), ["dates"]);
  assertEquals(idsOf(await ask(client, { user_id: "ann", limit: 2 })), [
    "dates",
    "eggs",
  ]);
  const unknown = await ask(client, { user_id: "nobody" });
  assertEquals([unknown.fallback, unknown.items.length], ["popular", 1]);
  const seeds = { seed_items: ["cheese"] };
  assertEquals(idsOf(await ask(client, seeds, "recommend-related")), ["eggs"]);
});

Deno.test("verbs let a request say otherwise than the recipe", async () => {
  const client = await grocer(
    "{ limit: 1, include_seen: true, filter: { field: price, gte: 4 }, fallback: popular, boosts: [{ filter: { field: kind, eq: fruit }, factor: 1000 }] }",
  );
  assertEquals(
    idsOf(
      await ask(client, {
        user_id: "ann",
        limit: 5,
        include_seen: false,
        filter: { field: "price", exists: true },
        boosts: [],
      }),
    ),
    ["cheese", "dates", "eggs"],
  );
  const { code } = await ask(client, { user_id: "nobody", fallback: "error" });
  assertEquals(code, "UNKNOWN_USER");
});

Deno.test("verbs take the recipe's boosts, cap and seen items", async () => {
  const plain = await grocer("{}");
  assertEquals(idsOf(await ask(plain, { user_id: "ann" })), [
    "cheese",
    "dates",
    "eggs",
  ]);
  const boosted = await grocer(
    "{ boosts: [{ filter: { field: kind, eq: fruit }, factor: 100 }] }",
  );
  assertEquals(idsOf(await ask(boosted, { user_id: "ann" })), [
    "dates",
    "cheese",
    "eggs",
  ]);
  const capped = await grocer(
    "{ include_seen: true, diversity: { cap: { field: kind, most: 1 } } }",
  );
  const ids = idsOf(await ask(capped, { user_id: "ann" }));
  assert(ids.includes("bread"), ids.join());
  assert(!(ids.includes("apple") && ids.includes("dates")), ids.join());
});

Deno.test("batch verbs take from the recipe what an element does not say, the limit that counts too", async () => {
  const client = await grocer("{ limit: 1000, fallback: popular }");
  const requests = Array.from({ length: 6 }, () => ({ user_id: "nobody" }));
  const { results } = await ask(client, { requests }, "batch-recommend");
  assertEquals(results.map(({ status }: { status: string }) => status), [
    ...Array(5).fill("ok"),
    "error",
  ]);
  assertEquals(results[0].fallback, "popular");
});

Deno.test("verbs refuse what costs too much only together with what the recipe says", async () => {
  const client = await grocer("{ diversity: { lambda: 0.5 } }");
  const long = await ask(client, { user_id: "ann", limit: 101 });
  assertEquals([long.code, long.errors[0].loc], ["VALIDATION_ERROR", [
    "body",
    "limit",
  ]]);
  const plain = { user_id: "ann", limit: 101, diversity: {} };
  assertEquals(idsOf(await ask(client, plain)), ["cheese", "dates", "eggs"]);
});

Deno.test("verbs say that it is the recipe which names a field that the model does not have", async () => {
  const client = await grocer("{ filter: { not: { field: size, eq: 3 } } }");
  const { code, errors } = await ask(client, { user_id: "ann" });
  assertEquals([code, errors[0].loc], ["VALIDATION_ERROR", [
    "recipe",
    "serving",
    "filter",
    "not",
    "field",
  ]]);
  const own = { user_id: "ann", filter: { field: "size", eq: 3 } };
  assertEquals((await ask(client, own)).errors[0].loc[0], "body");
});

Deno.test("POST /predict takes nothing from the recipe's block for /v1", async () => {
  const client = await grocer("{ limit: 1, filter: { field: price, gte: 4 } }");
  const answer = await (await client.predict({ user_id: "ann" })).json();
  assertEquals(idsOf(answer), ["cheese", "dates", "eggs"]);
});

Deno.test("GET /v1/recipes/{name} tells what the recipe says for requests", async () => {
  const client = await grocer("{ limit: 7 }");
  const { serving } = await (await client.send("/v1/recipes/shop")).json();
  assertEquals(serving, {
    limit: 7,
    fallback: null,
    include_seen: null,
    filter: null,
    diversity: null,
    boosts: null,
  });
});
