/**
 * Models of a shop that can be told apart: version `n` says everything `n` times as strongly as the first, and each of
 * its items has `edition: n`.
 *
 * @module
 */
import { encodeArtifact } from "../../../artifact/encode_artifact.ts";
import { IdMap } from "../../../core/models/id_map.ts";
import { ItemTable } from "../../../core/models/item_table.ts";
import type { ItemValue } from "../../../core/models/item_value.ts";
import { Recommender } from "../../../core/models/recommender.ts";
import { SimilarityModel } from "../../../core/models/similarity.ts";
import { HEADER } from "../../artifact/fixture.ts";
import { KEYS } from "../../serve/shop.ts";
import { CUSTOMER } from "./names.ts";

/** Users with one item each: the first has apple, the second bread, and so on. */
export const SINGLES = 300;
/** Users who have both cheese and dates, so that these two are alike. */
const PAIRS = 100;
/** Items besides the five, which come after them; nothing speaks for them. */
export const FILLER = 20_000;
/** What is known of those, so much that memory tells of a model that was not given back: an artifact has 40 MB. */
const ABOUT = "about this item ".repeat(128);

const ITEMS = ["apple", "bread", "cheese", "dates", "eggs"] as const;

/** One of the five. */
export type Item = typeof ITEMS[number];

const KINDS = ["fruit", "bakery", "dairy", "fruit", null];
const PRICES = [1, 2, 3, 4, 5];

/** An artifact, and how its answers name it. */
export interface Version {
  readonly n: number;
  readonly recipe: string;
  readonly trainedAt: string;
  /** `sha256:` and the artifact's digest. */
  readonly id: string;
}

/** Makes version `n` of a recipe's artifact. */
export async function makeVersion(
  recipe: string,
  n: number,
  trainedAt: string,
): Promise<{ version: Version; bytes: Uint8Array<ArrayBuffer> }> {
  const fields = {
    ...HEADER,
    recipe_name: recipe,
    trained_at: trainedAt,
  };
  const parts = encodeArtifact(fields, shop(n).tensors(), KEYS);
  const bytes = await new Blob(parts as Uint8Array<ArrayBuffer>[]).bytes();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const id = `sha256:${digest.toHex()}`;
  return { version: { n, recipe, trainedAt, id }, bytes };
}

/** An item as version `n` answers it. */
export function itemOf(
  { n }: Version,
  item: Item,
  score: number,
): Record<string, unknown> {
  const at = ITEMS.indexOf(item);
  return {
    item_id: item,
    score,
    kind: KINDS[at]!,
    price: PRICES[at]!,
    edition: n,
    about: null,
  };
}

function fillerId(rank: number): string {
  return `f${String(rank).padStart(5, "0")}`;
}

/** Id of the user of {@linkcode SINGLES} at a place. */
export function single(at: number): string {
  return `${CUSTOMER}${String(at).padStart(3, "0")}`;
}

/**
 * Of version 1: apple says 1 for bread and 2 for cheese; bread 3 for cheese and 1 for dates; cheese 1 for apple and 4
 * for eggs; the others say nothing.
 */
function shop(n: number): Recommender {
  const size = ITEMS.length + FILLER;
  const items = [
    ...ITEMS,
    ...Array.from({ length: FILLER }, (_, rank) => fillerId(rank)),
  ];
  const users = usersWithItems();
  function column(five: readonly ItemValue[], filler: ItemValue): ItemValue[] {
    return [...five, ...new Array<ItemValue>(FILLER).fill(filler)];
  }
  const histories = [...users.values()];
  const indptr = new Uint32Array(users.size + 1);
  for (const [at, own] of histories.entries()) {
    indptr[at + 1] = indptr[at]! + own.length;
  }
  return new Recommender({
    model: new SimilarityModel({
      rows: size,
      cols: size,
      indptr: new Uint32Array(size + 1).fill(6).with(0, 0).with(1, 2)
        .with(2, 4),
      indices: Uint32Array.of(1, 2, 2, 3, 0, 4),
      values: Float32Array.of(1, 2, 3, 1, 1, 4).map((value) => n * value),
    }),
    users: IdMap.from([...users.keys()]).map,
    items: IdMap.from(items).map,
    seen: {
      rows: users.size,
      cols: size,
      indptr,
      indices: Uint32Array.from(histories.flat()),
    },
    table: ItemTable.from(size, [
      { name: "kind", type: "text", values: column(KINDS, null) },
      { name: "price", type: "number", values: column(PRICES, null) },
      {
        name: "edition",
        type: "number",
        values: column(PRICES.map(() => n), n),
      },
      {
        name: "about",
        type: "text",
        values: column(PRICES.map(() => null), ABOUT),
      },
    ]),
  });
}

/** User → the items that the user has, in the order of ids. */
function usersWithItems(): ReadonlyMap<string, readonly number[]> {
  const users = new Map<string, readonly number[]>();
  for (let at = 0; at < SINGLES; at++) {
    users.set(single(at), [at % ITEMS.length]);
  }
  users.set(`${CUSTOMER}ann`, [0, 1]);
  users.set(`${CUSTOMER}cat`, [1, 2]);
  for (let at = 0; at < PAIRS; at++) {
    users.set(`${CUSTOMER}pair-${String(at).padStart(3, "0")}`, [2, 3]);
  }
  return users;
}
