/**
 * A client of a server of the retail example, and the example's data in the plainest form, to work out by hand what it
 * must answer.
 *
 * @module
 */
import { CsvParseStream } from "../../core/std/csv.ts";
import { ItemTable } from "../../core/models/item_table.ts";
import { Recommender } from "../../core/models/recommender.ts";
import { readRetail } from "../../bench/read_retail.ts";
import { MODELS } from "../recommend/retail.ts";
import { Client, entry } from "./client.ts";
import { shopModel } from "./shop.ts";

/** An item of the example; null where nothing is known. */
export interface RetailItem {
  readonly id: string;
  readonly title: string | null;
  readonly price: number | null;
  /** First word of the title. */
  readonly kind: string | null;
}

/** The example as a test looks at it. */
export interface Retail {
  readonly client: Client;
  readonly recommender: Recommender;
  /** In the order of the model's indices. */
  readonly items: readonly RetailItem[];
  /** User → indices of the items that the user has. */
  readonly has: ReadonlyMap<string, ReadonlySet<number>>;
  /** What item `from` says for item `to`, 0 for most. */
  weight(from: number, to: number): number;
}

/** Fits CosineKNN on all purchases. */
export async function openRetail(): Promise<Retail> {
  const { interactions } = await readRetail();
  const { users, items: ids, matrix: seen } = interactions;
  const rows = await readItems();
  const items = Array.from({ length: ids.size }, (_, n): RetailItem => {
    const id = ids.id(n);
    return rows.get(id) ?? { id, title: null, price: null, kind: null };
  });
  const model = await MODELS.similarity!(seen);
  const { indptr, indices, weights: stored } = model.tensors();
  const weights = Array.from({ length: ids.size }, (_, from) => {
    const own = new Map<number, number>();
    const end = indptr!.data[from + 1]!;
    for (let at = Number(indptr!.data[from]!); at < end; at++) {
      own.set(Number(indices!.data[at]!), Number(stored!.data[at]!));
    }
    return own;
  });
  const recommender = new Recommender({
    ...{ model, users, items: ids, seen },
    table: ItemTable.from(ids.size, [
      { name: "title", type: "text", values: items.map((item) => item.title) },
      {
        name: "price",
        type: "number",
        values: items.map((item) => item.price),
      },
      { name: "kind", type: "text", values: items.map((item) => item.kind) },
    ]),
  });
  const has = new Map(
    Array.from({ length: users.size }, (_, user) => [
      users.id(user),
      new Set(
        seen.indices.subarray(seen.indptr[user]!, seen.indptr[user + 1]!),
      ),
    ]),
  );
  return {
    client: new Client({
      entries: [entry({ model: shopModel({}, { recommender }) })],
    }),
    recommender,
    items,
    has,
    weight: (from, to) => weights[from]!.get(to) ?? 0,
  };
}

async function readItems(): Promise<ReadonlyMap<string, RetailItem>> {
  using file = await Deno.open("recipes/retail/items.csv");
  const rows = file.readable.pipeThrough(new TextDecoderStream())
    .pipeThrough(new CsvParseStream());
  const items = new Map<string, RetailItem>();
  for await (const [id, title, price] of rows) {
    items.set(id!, {
      id: id!,
      title: title! === "" ? null : title!,
      price: price! === "" ? null : Number(price!),
      kind: title! === "" ? null : title!.split(" ")[0]!,
    });
  }
  return items;
}
