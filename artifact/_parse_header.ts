import { z } from "zod";
import { artifactError } from "./_artifact_error.ts";
import { PAYLOAD_FORMAT } from "./_layout.ts";
import type { ArtifactHeader } from "./header.ts";

const count = z.int().nonnegative();
const interval = z.tuple([z.number(), z.number()]);
const metrics = z.looseObject({
  ndcg: z.number(),
  map: z.number(),
  recall: z.number(),
  hit: z.number(),
  users: count,
  coverage: z.number(),
  novelty: z.number(),
  gini: z.number(),
  popularity_score: z.number(),
});

/** Keys that are not named here pass: a later version may say more. Tensors are checked where they are decoded. */
const SCHEMA: z.ZodType = z.looseObject({
  recipe_name: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  recipe_hash: z.string(),
  recotem_version: z.string(),
  engine: z.string(),
  model_kind: z.string(),
  trained_at: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/).refine(
    (time) => Number.isFinite(Date.parse(time)),
    "Must be a time that there is",
  ),
  sequence: count.optional(),
  best_class: z.string(),
  best_params: z.looseObject({}),
  best_score: z.number().nullable(),
  best_score_interval: interval.optional(),
  metric: z.string(),
  cutoff: count,
  weights: z.looseObject({
    top_k: count.nullable(),
    per: z.enum(["target", "source"]),
    precision: z.string(),
    full_score: z.number().nullable(),
  }).optional(),
  metrics: metrics.optional(),
  test_score: z.number().nullable().optional(),
  test_score_interval: interval.optional(),
  test_metrics: metrics.optional(),
  split: z.looseObject({
    scheme: z.string(),
    heldout_ratio: z.number(),
    test_user_ratio: z.number(),
    test_ratio: z.number(),
  }).optional(),
  tuning: z.looseObject({
    tried_algorithms: z.array(z.string()),
    n_trials: count,
    n_completed: count,
    n_orphaned: count,
    best_trial_number: z.int(),
    search_seed: z.int(),
  }),
  data_stats: z.looseObject({
    n_rows: count,
    n_users: count,
    n_items: count,
    drop_count: count,
    dedup_policy: z.string(),
  }),
  payload_format: z.literal(PAYLOAD_FORMAT),
  payload_bytes: count,
  tensors: z.looseObject({}),
});

/**
 * The header of verified bytes, as JSON and nothing more.
 *
 * @throws {RecotemError} `artifact_error`, reason `header_json`, when it is no JSON object in UTF-8.
 */
export function parseHeaderJson(bytes: Uint8Array): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(decodeText(bytes));
  } catch (cause) {
    throw artifactError(
      "header_json",
      "Artifact header is not JSON in UTF-8",
      cause,
    );
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw artifactError("header_json", "Artifact header is not a JSON object");
  }
  return value as Record<string, unknown>;
}

/**
 * The header of verified bytes, all of its own fields checked; those of the tensor table are not.
 *
 * Only what `JSON.stringify` writes is taken, blanks at the end aside. So a header has one spelling, and no key can
 * stand in it twice, of which different readers would take different ones.
 *
 * @throws {RecotemError} `artifact_error`: reason `deserialize` for a payload of another format, `header_json` for all
 * else.
 */
export function parseHeader(bytes: Uint8Array): ArtifactHeader {
  const header = parseHeaderJson(bytes);
  if (header.payload_format === undefined) {
    throw artifactError(
      "deserialize",
      "Artifact holds a pickled model, which is never read: train the recipe again with this version",
    );
  }
  if (header.payload_format !== PAYLOAD_FORMAT) {
    throw artifactError(
      "deserialize",
      `Artifact has another payload format than ${PAYLOAD_FORMAT}: update this program or train the recipe again`,
    );
  }
  if (JSON.stringify(header) !== decodeText(bytes).replace(/ *$/, "")) {
    throw artifactError(
      "header_json",
      "Artifact header has a key twice or is not spelled as JSON.stringify spells it",
    );
  }
  const checked = SCHEMA.safeParse(header);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    throw artifactError(
      "header_json",
      `Artifact header is not as it must be: ${issue!.path.join(".")}: ${
        issue!.message
      }`,
      checked.error,
    );
  }
  return header as unknown as ArtifactHeader;
}

function decodeText(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
    .decode(bytes);
}
