/**
 * Artifacts to take apart.
 *
 * @module
 */
import { createHmac } from "node:crypto";
import { assertThrows } from "@std/assert";
import type { ArtifactCaps } from "../../artifact/artifact_caps.ts";
import type { HeaderFields } from "../../artifact/header.ts";
import { KeyRing } from "../../artifact/key_ring.ts";
import type { NamedTensors } from "../../core/models/model.ts";
import { RecotemError } from "../../core/errors.ts";

/** The key of {@linkcode KEYS}. */
export const KEY: Uint8Array = Uint8Array.from(
  { length: 32 },
  (_, index) => index * 7 + 1,
);

/** A key ring with one key, kid `test-1`. */
export const KEYS: KeyRing = KeyRing.parse(`test-1:${KEY.toHex()}`);

/** Caps that no test artifact reaches. */
export const CAPS: ArtifactCaps = {
  maxArtifactBytes: 2 ** 26,
  maxPayloadBytes: 2 ** 26,
};

/** A header. */
export const HEADER: HeaderFields = {
  recipe_name: "shop",
  recipe_hash: "ab".repeat(32),
  recotem_version: "0.1.0",
  engine: "wasm 1",
  model_kind: "similarity",
  trained_at: "2026-11-02T03:04:05Z",
  best_class: "CosineKNNRecommender",
  best_params: { top_k: 100, shrinkage: 0.5, normalize: true },
  best_score: 0.25,
  metric: "ndcg",
  cutoff: 20,
  tuning: {
    tried_algorithms: ["TopPop", "CosineKNN"],
    n_trials: 40,
    n_completed: 39,
    n_orphaned: 0,
    best_trial_number: 12,
    search_seed: 42,
  },
  data_stats: {
    n_rows: 1000,
    n_users: 100,
    n_items: 50,
    drop_count: 3,
    dedup_policy: "keep_last",
  },
};

/** One tensor of each dtype, with lengths that need padding. */
export const TENSORS: NamedTensors = {
  "users.bytes": {
    dtype: "u8",
    shape: [5],
    data: Uint8Array.of(1, 2, 3, 4, 5),
  },
  "seen.indptr": { dtype: "u32", shape: [3], data: Uint32Array.of(0, 1, 2) },
  "model.factors": {
    dtype: "f32",
    shape: [2, 3],
    data: Float32Array.of(1, -2, 0.5, NaN, Infinity, -0),
  },
  "table.price": { dtype: "f64", shape: [1], data: Float64Array.of(Math.PI) },
};

/** Parts as one. */
export function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(
    parts.reduce((sum, part) => sum + part.length, 0),
  );
  let position = 0;
  for (const part of parts) {
    joined.set(part, position);
    position += part.length;
  }
  return joined;
}

/**
 * A file with any header and payload, signed well: what only someone with the key can make, or a bug of ours. Written
 * from the layout's description and not with the product's code.
 */
export function sign(
  header: string | Uint8Array,
  payload: Uint8Array = new Uint8Array(),
  { kid = "test-1", align = true }: { kid?: string; align?: boolean } = {},
): Uint8Array {
  const kidBytes = new TextEncoder().encode(kid);
  const start = 49 + kidBytes.length;
  let json = typeof header === "string"
    ? new TextEncoder().encode(header)
    : header;
  if (align) {
    const blanks = (64 - (start + json.length) % 64) % 64;
    json = join([json, new TextEncoder().encode(" ".repeat(blanks))]);
  }
  const mac = createHmac("sha256", KEY)
    .update(kidBytes).update(json).update(payload).digest();
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, json.length, true);
  return join([
    new TextEncoder().encode("RECOTEM\0"),
    Uint8Array.of(1, 0, 0, 0, kidBytes.length),
    kidBytes,
    mac,
    length,
    json,
    payload,
  ]);
}

/** A header in JSON, with another tensor table; null takes a key away. */
export function headerJson(
  changes: Readonly<Record<string, unknown>> = {},
): string {
  const header: Record<string, unknown> = {
    ...HEADER,
    payload_format: "recotem-tensors/1",
    payload_bytes: 0,
    tensors: {},
    ...changes,
  };
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) delete header[key];
  }
  return JSON.stringify(header);
}

/** Asserts that an artifact is refused at a step, and returns the message. */
export function assertRefused(
  run: () => unknown,
  reason: string,
  message = "",
): string {
  const error = assertThrows(run, RecotemError, message);
  if (error.code !== "artifact_error" || error.details.reason !== reason) {
    throw new Error(
      `Refused as ${error.code}, ${error.details.reason}: ${error.message}`,
      { cause: error },
    );
  }
  return error.message;
}
