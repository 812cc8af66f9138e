import { assertEquals, assertMatch } from "@std/assert";
import { Client } from "../client.ts";
import { grocer, grocerEntry, idsOf } from "../grocer.ts";

const VERSION = `sha256:${"0".repeat(64)}`;

function client(): Client {
  return new Client({ entries: [grocerEntry()] });
}

/** The answer to a request that must be answered. */
async function ask(body: unknown) {
  const response = await client().verb("shop:recommend", body);
  const answer = await response.json();
  assertEquals(response.status, 200, JSON.stringify(answer));
  return answer;
}

Deno.test("POST :recommend answers what a user wants next, with fields, and which model answered", async () => {
  const response = await client().verb(
    "shop:recommend",
    { user_id: "ann", limit: 2 },
    { "x-request-id": "r-1" },
  );
  assertEquals(response.status, 200);
  assertEquals(await response.json(), {
    request_id: "r-1",
    recipe: "shop",
    model_version: VERSION,
    items: [
      { item_id: "cheese", score: 5, kind: "dairy", price: 3 },
      { item_id: "dates", score: 1, kind: "fruit", price: 4 },
    ],
  });
  assertEquals(response.headers.get("x-request-id"), "r-1");
  assertEquals(response.headers.get("x-recotem-model-version"), VERSION);
  assertEquals(response.headers.get("x-recotem-items-degraded"), null);
  assertEquals(response.headers.get("content-type"), "application/json");
});

Deno.test("POST :recommend makes a request id of 12 hexadecimal digits", async () => {
  assertMatch((await ask({ user_id: "ann" })).request_id, /^[0-9a-f]{12}$/);
});

Deno.test("POST :recommend leaves excluded items out before it cuts, and takes null for none", async () => {
  const answer = await ask({
    user_id: "ann",
    limit: 1,
    exclude_items: ["cheese", "unknown"],
  });
  assertEquals(idsOf(answer), ["dates"]);
  assertEquals(Object.keys(answer), [
    "request_id",
    "recipe",
    "model_version",
    "items",
  ]);
  const none = await ask({ user_id: "ann", exclude_items: null });
  assertEquals(idsOf(none), ["cheese", "dates", "eggs"]);
});

Deno.test("POST :recommend filters by fields, and counts what it left out", async () => {
  const answer = await ask({
    user_id: "bob",
    filter: {
      and: [{ field: "kind", exists: true }, { field: "price", lt: 4 }],
    },
  });
  assertEquals(idsOf(answer), ["apple", "bread"]);
  assertEquals(answer.counts, { seen: 1, filtered: 2, filled: 0 });
});

Deno.test("POST :recommend answers a visitor by the items that are known, and leaves them out", async () => {
  const answer = await ask({ items: ["cheese", "unknown", "apple", "cheese"] });
  assertEquals(answer.items.slice(0, 3), [
    { item_id: "eggs", score: 4, kind: null, price: 5 },
    { item_id: "bread", score: 1, kind: "bakery", price: 2 },
    { item_id: "dates", score: 0, kind: "fruit", price: 4 },
  ]);
  assertEquals(answer.counts, { seen: 2, filtered: 0, filled: 0 });
});

Deno.test("POST :recommend falls back to what is popular where nothing is known, and says so", async () => {
  for (const who of [{ user_id: "dan" }, { items: ["unknown"] }]) {
    const answer = await ask({ ...who, fallback: "popular", limit: 3 });
    assertEquals(answer.fallback, "popular");
    assertEquals(
      answer.items.map(({ item_id, score }: Record<string, unknown>) => [
        item_id,
        score,
      ]),
      [["bread", 2], ["cheese", 2], ["apple", 1]],
    );
    assertEquals(answer.counts, { seen: 0, filtered: 0, filled: 3 });
  }
  const known = await ask({ user_id: "ann", fallback: "popular" });
  assertEquals([known.fallback, known.counts.filled], [undefined, 0]);
});

Deno.test("POST :recommend gives seen items back, or the candidates alone, when asked to", async () => {
  const seen = await ask({ user_id: "ann", include_seen: true, limit: 3 });
  assertEquals(idsOf(seen), ["cheese", "bread", "dates"]);
  assertEquals(seen.counts.seen, 0);
  const candidates = ["eggs", "dates", "apple", "unknown"];
  const ranked = await ask({ user_id: "ann", candidates });
  assertEquals(idsOf(ranked), ["dates", "eggs"]);
  assertEquals(ranked.counts, { seen: 2, filtered: 1, filled: 0 });
  const none = await ask({ user_id: "ann", candidates: ["unknown"] });
  assertEquals(none.items, []);
});

Deno.test("POST :recommend explains by the items that spoke for each, strongest first", async () => {
  for (const who of [{ user_id: "ann" }, { items: ["bread", "apple"] }]) {
    const { explanations } = await ask({ ...who, explain: true });
    assertEquals(explanations, [
      {
        item_id: "cheese",
        because: [
          { item_id: "bread", influence: 3 },
          { item_id: "apple", influence: 2 },
        ],
      },
      { item_id: "dates", because: [{ item_id: "bread", influence: 1 }] },
      { item_id: "eggs", because: [] },
    ]);
  }
});

Deno.test("POST :recommend gives pages, boosts, pins and diversity", async () => {
  const page = await ask({ user_id: "ann", offset: 1, limit: 1 });
  assertEquals(idsOf(page), ["dates"]);
  const fruit = { field: "kind", eq: "fruit" };
  const boosts = [{ filter: fruit, factor: 10 }];
  assertEquals(idsOf(await ask({ user_id: "ann", boosts }))[0], "dates");
  const pins = [{ item_id: "apple", position: 1 }, {
    item_id: "unknown",
    position: 0,
  }];
  assertEquals(idsOf(await ask({ user_id: "ann", pins, limit: 3 })), [
    "cheese",
    "apple",
    "dates",
  ]);
  const diversity = { cap: { field: "kind", most: 1 } };
  assertEquals(
    idsOf(await ask({ items: ["eggs"], diversity })),
    ["apple", "bread", "cheese"],
  );
  const mixed = await ask({
    items: ["eggs"],
    limit: 2,
    diversity: { lambda: 0 },
  });
  assertEquals(idsOf(mixed), ["apple", "cheese"]);
});

Deno.test("POST :recommend says with validate_only that it could answer, and no more", async () => {
  const answer = await ask({ user_id: "ann", validate_only: true });
  assertEquals(Object.keys(answer), [
    "request_id",
    "recipe",
    "model_version",
    "valid",
  ]);
  assertEquals(answer.valid, true);
  const response = await client().verb("shop:recommend", {
    user_id: "dan",
    validate_only: true,
  });
  assertEquals(response.status, 404);
  await response.body?.cancel();
});

Deno.test("POST :recommend answers items whose fields cannot be written without them, and drops those without an id", async () => {
  const recommender = grocer();
  const read = recommender.table!.row.bind(recommender.table);
  const name = recommender.items.id.bind(recommender.items);
  const shop = new Client({
    entries: [grocerEntry(recommender)],
    counted: { time: 0 },
  });
  shop.registry.get("shop")!.model!.fields!.row = (item) => {
    if (item === 2) throw new RangeError("secret");
    return read(item);
  };
  recommender.items.id = (item) => {
    if (item === 3) throw new RangeError("secret");
    return name(item);
  };
  const response = await shop.verb("shop:recommend", { user_id: "ann" });
  assertEquals((await response.json()).items, [
    { item_id: "cheese", score: 5 },
    { item_id: "eggs", score: 0, kind: null, price: 5 },
  ]);
  assertEquals(response.headers.get("x-recotem-items-degraded"), "2");
  assertEquals(shop.told(), [
    "auth_anonymous_bypass_first_seen",
    "auth_anonymous_bypass",
    "metadata_serialization_failed",
  ]);
});
