import { assertEquals } from "@std/assert";
import { Client } from "../client.ts";
import { grocerEntry, idsOf } from "../grocer.ts";

async function ask(
  body: unknown,
): Promise<[number, ReturnType<JSON["parse"]>]> {
  const client = new Client({ entries: [grocerEntry()] });
  const response = await client.verb("shop:recommend-related", body);
  return [response.status, await response.json()];
}

Deno.test("POST :recommend-related ranks by likeness, without the seeds, and ignores unknown ones", async () => {
  const [status, answer] = await ask({
    seed_items: ["cheese", "unknown", "apple", "apple"],
    limit: 2,
  });
  assertEquals(status, 200);
  assertEquals(answer.items, [
    { item_id: "eggs", score: 4, kind: null, price: 5 },
    { item_id: "bread", score: 1, kind: "bakery", price: 2 },
  ]);
  assertEquals(Object.keys(answer), [
    "request_id",
    "recipe",
    "model_version",
    "items",
  ]);
});

Deno.test("POST :recommend-related leaves excluded items out before it cuts", async () => {
  const [, answer] = await ask({
    seed_items: ["apple"],
    exclude_items: ["cheese"],
    limit: 1,
  });
  assertEquals(idsOf(answer), ["bread"]);
});

Deno.test("POST :recommend-related answers 404 when it knows no seed, and when nothing is left", async () => {
  assertEquals(await ask({ seed_items: ["x", "y"] }), [404, {
    detail: "The model knows none of the seed items",
    code: "UNKNOWN_SEED_ITEMS",
  }]);
  const nothing = [404, {
    detail: "No items are left to recommend",
    code: "NO_CANDIDATES",
  }];
  for (
    const body of [
      { seed_items: ["apple", "bread", "cheese", "dates", "eggs"] },
      {
        seed_items: ["apple"],
        exclude_items: ["bread", "cheese", "dates", "eggs"],
      },
      { seed_items: ["apple"], candidates: ["apple"] },
      { seed_items: ["apple"], offset: 4 },
      { seed_items: ["apple"], filter: { field: "price", gt: 5 } },
    ]
  ) assertEquals(await ask(body), nothing);
});

Deno.test("POST :recommend-related takes filters and candidates, and counts what it left out", async () => {
  const [, answer] = await ask({
    seed_items: ["apple"],
    candidates: ["apple", "bread", "cheese", "eggs"],
    filter: { field: "price", gte: 3 },
  });
  assertEquals(idsOf(answer), ["cheese", "eggs"]);
  assertEquals(answer.counts, { seen: 1, filtered: 2, filled: 0 });
});
