/**
 * A grocer whose items speak for each other, with fields.
 *
 * @module
 */
import { IdMap } from "../../core/models/id_map.ts";
import { ItemTable } from "../../core/models/item_table.ts";
import { Recommender } from "../../core/models/recommender.ts";
import { SimilarityModel } from "../../core/models/similarity.ts";
import type { Entry } from "../../serve/registry.ts";
import { entry } from "./client.ts";
import { shopModel } from "./shop.ts";

/**
 * Ann has apple and bread, bob has cheese. Apple says 1 for bread and 2 for cheese; bread 3 for cheese and 1 for dates;
 * cheese 1 for apple and 4 for eggs; dates and eggs say nothing.
 */
export function grocer(): Recommender {
  return new Recommender({
    model: new SimilarityModel({
      rows: 5,
      cols: 5,
      indptr: Uint32Array.of(0, 2, 4, 6, 6, 6),
      indices: Uint32Array.of(1, 2, 2, 3, 0, 4),
      values: Float32Array.of(1, 2, 3, 1, 1, 4),
    }),
    users: IdMap.from(["ann", "bob", "cat"]).map,
    items: IdMap.from(["apple", "bread", "cheese", "dates", "eggs"]).map,
    seen: {
      rows: 3,
      cols: 5,
      indptr: Uint32Array.of(0, 2, 3, 5),
      indices: Uint32Array.of(0, 1, 2, 1, 2),
    },
    table: ItemTable.from(5, [
      {
        name: "kind",
        type: "text",
        values: ["fruit", "bakery", "dairy", "fruit", null],
      },
      { name: "price", type: "number", values: [1, 2, 3, 4, 5] },
      { name: "Cost", type: "number", values: [5, 4, 3, 2, 1] },
    ]),
  });
}

/** The grocer as the entry `shop`; clients may not see what items cost. */
export function grocerEntry(recommender: Recommender = grocer()): Entry {
  const model = shopModel({}, { recommender, deniedFields: ["cost"] });
  return entry({ model });
}

/** Ids of the items of an answer. */
export function idsOf(
  answer: { readonly items: readonly { readonly item_id: string }[] },
): string[] {
  return answer.items.map(({ item_id }) => item_id);
}
