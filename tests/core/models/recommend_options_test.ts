import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { IdMap } from "../../../core/models/id_map.ts";
import { ItemTable } from "../../../core/models/item_table.ts";
import { PopularityModel } from "../../../core/models/popularity.ts";
import type { RecommendOptions } from "../../../core/models/recommend_options.ts";
import { Recommender } from "../../../core/models/recommender.ts";
import { fromDense } from "../kernels/matrices.ts";

const SCORES = [9, 8, 7, 6, 5, -4];
const KINDS = ["a", "a", "a", "b", null, "b"];

/** Six items by falling score; the user has the first, and others of the first three go together. */
function recommender(): Recommender {
  return new Recommender({
    model: new PopularityModel(Float32Array.from(SCORES)),
    users: IdMap.from(["ann", "bob", "cat"]).map,
    items: IdMap.from(["0", "1", "2", "3", "4", "5"]).map,
    seen: fromDense([
      [1, null, null, null, null, null],
      [null, 2, 3, null, null, null],
      [null, 1, 1, null, 1, null],
    ]),
    table: ItemTable.from(6, [
      { name: "kind", type: "text", values: KINDS },
      { name: "secret", type: "number", values: [1, 2, 3, 4, 5, 6] },
    ]),
  });
}

function items(options: Partial<RecommendOptions>): number[] {
  return [...recommender().recommend(0, { limit: 9, ...options }).items];
}

Deno.test("Recommender.recommend() gives seen items back when asked to", () => {
  assertEquals(items({ limit: 2 }), [1, 2]);
  const { items: all, seen } = recommender().recommend(0, {
    limit: 2,
    includeSeen: true,
  });
  assertEquals([[...all], seen], [[0, 1], 0]);
});

Deno.test("Recommender.recommend() ranks the candidates alone", () => {
  const candidates = Uint32Array.of(4, 0, 2, 4);
  assertEquals(items({ candidates }), [2, 4]);
  assertEquals(items({ candidates: new Uint32Array() }), []);
});

Deno.test("Recommender.recommend() counts once what it leaves out, and says why", () => {
  const { seen, filtered } = recommender().recommend(0, {
    limit: 9,
    exclude: Uint32Array.of(0, 1, 1),
    candidates: Uint32Array.of(0, 1, 2, 3),
    filter: { field: "kind", eq: "a" },
  });
  assertEquals({ seen, filtered }, { seen: 1, filtered: 4 });
});

Deno.test("Recommender.recommend() gives the pages of one list by offset", () => {
  const whole = items({});
  for (const limit of [1, 2, 4]) {
    const pages = [0, 1, 2, 3, 4, 5].flatMap((page) =>
      items({ limit, offset: page * limit })
    );
    assertEquals(pages, whole);
  }
});

Deno.test("Recommender.recommend() raises by a boost above 1 and lowers below it, whatever the sign", () => {
  const filter = { field: "kind", eq: "b" };
  assertEquals(items({ boosts: [{ filter, factor: 1.5 }] }), [3, 1, 2, 4, 5]);
  const { scores } = recommender().recommend(0, {
    limit: 9,
    boosts: [{ filter, factor: 2 }],
  });
  assertEquals([scores[0], scores[4]], [12, -2]);
  assertEquals(items({ boosts: [{ filter, factor: 0.5 }] }), [1, 2, 4, 3, 5]);
});

Deno.test("Recommender.recommend() puts pins at their places, once each, seen or not", () => {
  assertEquals(
    items({
      limit: 4,
      pins: [{ item: 5, position: 1 }, { item: 0, position: 0 }],
    }),
    [0, 5, 1, 2],
  );
  assertEquals(items({ limit: 2, pins: [{ item: 1, position: 9 }] }), [2, 3]);
  assertEquals(items({ pins: [{ item: 3, position: 9 }] }), [1, 2, 4, 5, 3]);
});

Deno.test("Recommender.recommend() caps the items of one kind, those of no kind not", () => {
  const cap = { field: "kind", most: 1 };
  assertEquals(items({ diversity: { cap } }), [1, 3, 4]);
  assertThrows(
    () => items({ diversity: { cap: { field: "colour", most: 1 } } }),
    RangeError,
    "capped by a field",
  );
});

Deno.test("Recommender.recommend() trades score for unlikeness by lambda", () => {
  assertEquals(items({ diversity: { lambda: 1 } }), [1, 2, 3, 4, 5]);
  // Items 1 and 2 have the same users, 4 shares one of them, nobody has 3 and 5.
  assertEquals(items({ limit: 3, diversity: { lambda: 0.5 } }), [1, 3, 4]);
  assertEquals(items({ limit: 3, diversity: { lambda: 0 } }), [1, 3, 5]);
});

Deno.test("Recommender.popular() ranks by how much all have of an item", () => {
  const { items: ranked, scores, seen } = recommender().popular({ limit: 3 });
  assertEquals([...ranked], [2, 1, 0]);
  assertEquals([...scores], [4, 3, 1]);
  assertEquals(seen, 0);
});

Deno.test("Recommender.recommendMany() answers as recommend() does, one after another", () => {
  const from = recommender();
  assertEquals(
    [...from.recommendMany([2, 0], { limit: 3 })],
    [2, 0].map((user) => from.recommend(user, { limit: 3 })),
  );
});

Deno.test("Recommender.recommend() forgets all options at the next call", () => {
  const from = recommender();
  const before = from.recommend(0, { limit: 9 });
  from.recommend(0, {
    limit: 9,
    filter: { field: "secret", gt: 3 },
    boosts: [{ filter: { field: "secret", gt: 3 }, factor: 9 }],
    pins: [{ item: 1, position: 3 }],
    diversity: { lambda: 0.2 },
  });
  assertEquals(from.recommend(0, { limit: 9 }), before);
  assert(before.items.length === 5);
  assertAlmostEquals(before.scores[4]!, -4);
});
