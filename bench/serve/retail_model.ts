import { encodeArtifact } from "../../artifact/encode_artifact.ts";
import type { HeaderFields } from "../../artifact/header.ts";
import { KeyRing } from "../../artifact/key_ring.ts";
import { publishArtifact } from "../../artifact/publish_artifact.ts";
import { createRandom } from "../../core/kernels/create_random.ts";
import type { Csr } from "../../core/kernels/csr.ts";
import type { Random } from "../../core/kernels/random.ts";
import { FactorsModel } from "../../core/models/factors.ts";
import { IdMap } from "../../core/models/id_map.ts";
import { ItemTable } from "../../core/models/item_table.ts";
import type { Model } from "../../core/models/model.ts";
import { Recommender } from "../../core/models/recommender.ts";
import { SimilarityModel } from "../../core/models/similarity.ts";
import { createStore } from "../../core/storage/create_store.ts";

/** Users of the retail data. */
export const USERS = 4285;
const ITEMS = 4006;
const FACTORS = 128;
const SEEN_PER_USER = 62;
const NEIGHBOURS = 100;
const FIRST_USER = 12346;

/** Signs what {@linkcode publishRetailModel} writes. */
export const SIGNING_KEYS: string = `bench:${"5a".repeat(32)}`;

/** The kinds of model that are measured. */
export type Kind = "factors" | "similarity";

/** Writes an artifact as large as the one of the retail data, with random numbers in it. */
export async function publishRetailModel(
  path: string,
  kind: Kind,
  seed: number,
): Promise<void> {
  const random = createRandom(seed);
  const model = kind === "factors" ? factors(random) : similarity(random);
  const recommender = new Recommender({
    model,
    users: numbered(USERS, FIRST_USER),
    items: numbered(ITEMS, 20_000),
    seen: sparse(random, USERS, SEEN_PER_USER, () => 1),
    table: ItemTable.from(ITEMS, [{
      name: "description",
      type: "text",
      values: Array.from({ length: ITEMS }, (_, i) => `SET OF ${i} TEA CUPS`),
    }]),
  });
  await publishArtifact(
    createStore(),
    { path, versioning: "append_sha" },
    encodeArtifact(
      header(kind),
      recommender.tensors(),
      KeyRing.parse(SIGNING_KEYS),
    ),
    { maxArtifactBytes: 2 ** 31, maxPayloadBytes: 2 ** 31 },
  );
}

function factors(random: Random): Model {
  const normals = (length: number) =>
    Float32Array.from({ length }, () => 0.1 * random.normal());
  return new FactorsModel({
    users: normals(USERS * FACTORS),
    items: normals(ITEMS * FACTORS),
    factors: FACTORS,
    foldIn: { alpha0: 1, reg: 1, nu: 1, linearOffset: 0 },
  });
}

function similarity(random: Random): Model {
  return new SimilarityModel(
    sparse(random, ITEMS, NEIGHBOURS, () => random.float()),
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
  perRow: number,
  value: () => number,
): Csr {
  const indptr = new Uint32Array(rows + 1);
  const indices: number[] = [];
  for (let row = 0; row < rows; row++) {
    const own = new Set(
      Array.from({ length: perRow }, () => random.int(ITEMS)),
    );
    indices.push(...[...own].sort((a, b) => a - b));
    indptr[row + 1] = indices.length;
  }
  return {
    rows,
    cols: ITEMS,
    indptr,
    indices: Uint32Array.from(indices),
    values: Float32Array.from(indices, value),
  };
}

function header(kind: Kind): HeaderFields {
  return {
    recipe_name: kind,
    recipe_hash: "0".repeat(64),
    recotem_version: "0.1.0",
    engine: "none",
    model_kind: kind,
    trained_at: "2026-01-01T00:00:00Z",
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
      n_rows: USERS * SEEN_PER_USER,
      n_users: USERS,
      n_items: ITEMS,
      drop_count: 0,
      dedup_policy: "keep_last",
    },
  };
}
