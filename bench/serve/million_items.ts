import type { HeaderFields } from "../../artifact/header.ts";
import { createRandom } from "../../core/kernels/create_random.ts";
import { FactorsModel } from "../../core/models/factors.ts";
import { IdMap } from "../../core/models/id_map.ts";
import type { NamedTensors } from "../../core/models/model.ts";
import { Recommender } from "../../core/models/recommender.ts";
import { randomHeader } from "./random_header.ts";

const USERS = 10_000;
const ITEMS = 1_000_000;
const FACTORS = 128;
/** What a user has. */
const SEEN = 50;

/** A model of a million items with 128 normal random factors, all alike in length: the worst there is for bounds. */
export function millionItems(): {
  readonly header: HeaderFields;
  readonly tensors: NamedTensors;
} {
  const random = createRandom(1);
  const normals = (length: number) =>
    Float32Array.from({ length }, () => 0.1 * random.normal());
  const recommender = new Recommender({
    model: new FactorsModel({
      users: normals(USERS * FACTORS),
      items: normals(ITEMS * FACTORS),
      factors: FACTORS,
      foldIn: { alpha0: 1, reg: 1, nu: 1, linearOffset: 0 },
      gram: new Float32Array(FACTORS ** 2),
    }),
    users: numbered(USERS),
    items: numbered(ITEMS),
    seen: {
      rows: USERS,
      cols: ITEMS,
      indptr: Uint32Array.from({ length: USERS + 1 }, (_, user) => SEEN * user),
      indices: Uint32Array.from(
        { length: USERS * SEEN },
        (_, n) => (n % SEEN) * (ITEMS / SEEN) + Math.floor(n / SEEN),
      ),
    },
    table: null,
  });
  return { header: HEADER, tensors: recommender.tensors() };
}

function numbered(count: number): IdMap {
  return IdMap.from(Array.from({ length: count }, (_, n) => `${count + n}`))
    .map;
}

const HEADER = randomHeader("factors", {
  n_rows: USERS * SEEN,
  n_users: USERS,
  n_items: ITEMS,
});
