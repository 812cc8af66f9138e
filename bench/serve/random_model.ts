import { encodeArtifact } from "../../artifact/encode_artifact.ts";
import type { HeaderFields } from "../../artifact/header.ts";
import { KeyRing } from "../../artifact/key_ring.ts";
import { publishArtifact } from "../../artifact/publish_artifact.ts";
import { createRandom } from "../../core/kernels/create_random.ts";
import type { Csr } from "../../core/kernels/csr.ts";
import type { Random } from "../../core/kernels/random.ts";
import { FactorsModel } from "../../core/models/factors.ts";
import { IdMap } from "../../core/models/id_map.ts";
import { type ItemField, ItemTable } from "../../core/models/item_table.ts";
import type { Model } from "../../core/models/model.ts";
import { Recommender } from "../../core/models/recommender.ts";
import { SimilarityModel } from "../../core/models/similarity.ts";
import { createStore } from "../../core/storage/create_store.ts";

const FIRST_USER = 12346;

/** How large a model is; what it takes to answer depends on that alone. */
export interface Shape {
  readonly users: number;
  readonly items: number;
  /** What a user has. */
  readonly seenPerUser: number;
  readonly kind: "factors" | "similarity";
  /** Factors, or weights per item. */
  readonly width: number;
}

const RETAIL = { users: 4285, items: 4006, seenPerUser: 62 };
const GOWALLA = { users: 29_858, items: 40_981, seenPerUser: 27 };

/** Name → shape: of the retail data and of Gowalla, with the widths that are best on each. */
export const SHAPES: Readonly<Record<string, Shape>> = {
  "retail-factors-128": { ...RETAIL, kind: "factors", width: 128 },
  "retail-factors-256": { ...RETAIL, kind: "factors", width: 256 },
  "retail-similarity-100": { ...RETAIL, kind: "similarity", width: 100 },
  "gowalla-factors-128": { ...GOWALLA, kind: "factors", width: 128 },
  "gowalla-similarity-256": { ...GOWALLA, kind: "similarity", width: 256 },
};

/** Signs what {@linkcode publishRandomModel} writes. */
export const SIGNING_KEYS: string = `bench:${"5a".repeat(32)}`;

/**
 * Writes an artifact of a shape, with random numbers in it.
 *
 * @param more Fields of the items beside their description.
 */
export async function publishRandomModel(
  path: string,
  name: string,
  seed: number,
  more: (items: number) => readonly ItemField[] = () => [],
): Promise<void> {
  const shape = SHAPES[name]!;
  const { users, items, seenPerUser } = shape;
  const random = createRandom(seed);
  const recommender = new Recommender({
    model: shape.kind === "factors"
      ? factors(random, shape)
      : similarity(random, shape),
    users: numbered(users, FIRST_USER),
    items: numbered(items, 20_000),
    seen: sparse(random, users, items, seenPerUser, () => 1),
    table: ItemTable.from(items, [{
      name: "description",
      type: "text",
      values: Array.from({ length: items }, (_, i) => `SET OF ${i} TEA CUPS`),
    }, ...more(items)]),
  });
  await publishArtifact(
    createStore(),
    { path, versioning: "append_sha" },
    encodeArtifact(
      header(name, shape, seed),
      recommender.tensors(),
      KeyRing.parse(SIGNING_KEYS),
    ),
    { maxArtifactBytes: 2 ** 31, maxPayloadBytes: 2 ** 31 },
  );
}

function factors(random: Random, { users, items, width }: Shape): Model {
  const normals = (length: number) =>
    Float32Array.from({ length }, () => 0.1 * random.normal());
  return new FactorsModel({
    users: normals(users * width),
    items: normals(items * width),
    factors: width,
    foldIn: { alpha0: 1, reg: 1, nu: 1, linearOffset: 0 },
  });
}

function similarity(random: Random, { items, width }: Shape): Model {
  return new SimilarityModel(
    sparse(random, items, items, width, () => random.float()),
  );
}

function numbered(count: number, first: number): IdMap {
  return IdMap.from(Array.from({ length: count }, (_, i) => `${first + i}`))
    .map;
}

/** Rows of about `perRow` random items. */
function sparse(
  random: Random,
  rows: number,
  cols: number,
  perRow: number,
  value: () => number,
): Csr {
  const indptr = new Uint32Array(rows + 1);
  const indices: number[] = [];
  for (let row = 0; row < rows; row++) {
    const own = new Set(
      Array.from({ length: perRow }, () => random.int(cols)),
    );
    for (const item of [...own].sort((a, b) => a - b)) indices.push(item);
    indptr[row + 1] = indices.length;
  }
  return {
    rows,
    cols,
    indptr,
    indices: Uint32Array.from(indices),
    values: Float32Array.from(indices, value),
  };
}

function header(
  name: string,
  { users, items, seenPerUser, kind }: Shape,
  sequence: number,
): HeaderFields {
  return {
    recipe_name: name,
    recipe_hash: "0".repeat(64),
    recotem_version: "0.1.0",
    engine: "none",
    model_kind: kind,
    trained_at: "2026-01-01T00:00:00Z",
    sequence,
    best_class: kind === "factors" ? "IALSRecommender" : "CosineKNNRecommender",
    best_params: {},
    best_score: null,
    metric: "ndcg",
    cutoff: 20,
    tuning: {
      tried_algorithms: [],
      n_trials: 1,
      n_completed: 1,
      n_orphaned: 0,
      best_trial_number: 0,
      search_seed: 42,
    },
    data_stats: {
      n_rows: users * seenPerUser,
      n_users: users,
      n_items: items,
      drop_count: 0,
      dedup_policy: "keep_last",
    },
  };
}
