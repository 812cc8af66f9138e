import { assertEquals } from "@std/assert";
import { HEADER } from "../../artifact/fixture.ts";
import { API_KEY, Client, entry } from "../client.ts";
import { shopModel } from "../shop.ts";

Deno.test("GET /models lists the header of each loaded artifact with the recipe's name and the kid", async () => {
  const other = { recipe: "other", trainedAt: "2026-06-01T00:00:00Z" };
  const client = new Client({
    entries: [
      entry(),
      entry({ name: "other", model: shopModel(other), error: "stale" }),
      entry({ name: "unloaded", model: null }),
    ],
  });
  const response = await client.send("/models");
  assertEquals(response.status, 200);
  const shop = {
    ...HEADER,
    recipe_name: "shop",
    trained_at: "2026-05-04T03:02:01Z",
    model_kind: "popularity",
    best_class: "TopPopRecommender",
    name: "shop",
    kid: "test",
  };
  assertEquals(await response.json(), [
    {
      ...shop,
      recipe_name: "other",
      trained_at: "2026-06-01T00:00:00Z",
      name: "other",
    },
    shop,
  ]);
});

Deno.test("GET /models needs a key, and lists nothing when nothing is loaded", async () => {
  const client = new Client({ entries: [], keys: { one: API_KEY } });
  assertEquals((await client.send("/models")).status, 401);
  const headers = { "X-API-Key": API_KEY };
  const response = await client.send("/models", { headers });
  assertEquals([response.status, await response.text()], [200, "[]"]);
});

Deno.test("/models answers 405 to what does not read", async () => {
  const response = await new Client().send("/models", { method: "DELETE" });
  assertEquals(
    [response.status, response.headers.get("allow")],
    [405, "GET, HEAD"],
  );
});
