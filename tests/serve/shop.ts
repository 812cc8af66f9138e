/**
 * Models of a small shop whose answers are known, and artifacts of them.
 *
 * @module
 */
import { encodeArtifact } from "../../artifact/encode_artifact.ts";
import type { HeaderFields } from "../../artifact/header.ts";
import { KeyRing } from "../../artifact/key_ring.ts";
import { IdMap } from "../../core/models/id_map.ts";
import { type ItemField, ItemTable } from "../../core/models/item_table.ts";
import { PopularityModel } from "../../core/models/popularity.ts";
import { Recommender } from "../../core/models/recommender.ts";
import { ServedModel } from "../../serve/served_model.ts";
import { HEADER, KEY } from "../artifact/fixture.ts";

/** The variable that holds the key of {@linkcode KEYS}. */
export const SIGNING_KEYS: string = `test:${KEY.toHex()}`;

/** What signs the artifacts of {@linkcode shopArtifact}. */
export const KEYS: KeyRing = KeyRing.parse(SIGNING_KEYS);

/** What is special about a model of the shop. */
export interface ShopOptions {
  readonly recipe?: string;
  readonly trainedAt?: string;
  /** Default: none, as earlier versions write it. */
  readonly sequence?: number;
  /** Item → its score for everyone; items in ascending order. */
  readonly scores?: Readonly<Record<string, number>>;
  /** User → the items that the user has; items that the shop does not have are left out. */
  readonly users?: Readonly<Record<string, readonly string[]>>;
  /** Fields of the items, values in the order of `scores`. */
  readonly fields?: readonly ItemField[];
}

const SCORES = { apple: 2, bread: 8, cheese: 4, dates: 0.5 };
const USERS = { ann: [], bob: ["bread"], zoë: ["apple", "bread", "cheese"] };

/** The shop's recommender: it ranks bread, cheese, apple, dates, and leaves out what a user has. */
export function shopRecommender(
  { scores = SCORES, users = USERS, fields }: ShopOptions = {},
): Recommender {
  const items = Object.keys(scores);
  const ids = IdMap.from(items);
  const people = IdMap.from(Object.keys(users));
  const histories = Array.from({ length: people.map.size }, (_, user) => {
    const own: readonly string[] =
      (users as Record<string, readonly string[]>)[people.map.id(user)]!;
    return own.map((item) => ids.map.indexOf(item))
      .filter((item) => item >= 0).sort((a, b) => a - b);
  });
  const indptr = new Uint32Array(histories.length + 1);
  for (const [user, own] of histories.entries()) {
    indptr[user + 1] = indptr[user]! + own.length;
  }
  const model = new Float32Array(items.length);
  for (const [i, score] of Object.values(scores).entries()) {
    model[ids.rank[i]!] = score;
  }
  return new Recommender({
    model: new PopularityModel(model),
    users: people.map,
    items: ids.map,
    seen: {
      rows: histories.length,
      cols: items.length,
      indptr,
      indices: Uint32Array.from(histories.flat()),
    },
    table: fields ? ItemTable.from(items.length, fields) : null,
  });
}

function header(
  { recipe, trainedAt, sequence }: ShopOptions,
): HeaderFields {
  return {
    ...HEADER,
    recipe_name: recipe ?? "shop",
    trained_at: trainedAt ?? "2026-05-04T03:02:01Z",
    ...(sequence !== undefined && { sequence }),
    model_kind: "popularity",
    best_class: "TopPopRecommender",
  };
}

/** The shop's model as a server holds it, signed with the kid `test`. */
export function shopModel(
  options: ShopOptions = {},
  { recommender = shopRecommender(options), deniedFields = [] }: {
    readonly recommender?: Recommender;
    readonly deniedFields?: readonly string[];
  } = {},
): ServedModel {
  const artifact = {
    header: {
      ...header(options),
      payload_format: "recotem-tensors/1" as const,
      payload_bytes: 0,
      tensors: {},
    },
    kid: "test",
    digest: "0".repeat(64),
  };
  return new ServedModel(artifact, recommender, {
    deniedFields,
    loadedAt: new Date("2026-05-05T00:00:00Z"),
  });
}

/** The shop's artifact, one file. */
export async function shopArtifact(
  options: ShopOptions = {},
  keys: KeyRing = KEYS,
): Promise<Uint8Array> {
  const parts = encodeArtifact(
    header(options),
    shopRecommender(options).tensors(),
    keys,
  );
  return await new Blob(parts as Uint8Array<ArrayBuffer>[]).bytes();
}
