import type { Environment } from "../config/environment.ts";
import {
  GOOGLE_VARIABLES,
  type GoogleIdentity,
  googleIdentity,
} from "../storage/google_identity.ts";

/** Variables that {@linkcode bigQuerySettings} reads. */
export const BIGQUERY_VARIABLES: readonly string[] = [
  ...GOOGLE_VARIABLES,
  "GOOGLE_CLOUD_PROJECT",
  "BIGQUERY_EMULATOR_HOST",
  "BIGQUERY_STORAGE_EMULATOR_HOST",
];

/** How to reach BigQuery. */
export interface BigQuerySettings {
  /** Origin of the interface that runs queries. */
  readonly api: string;
  /** Origin of the interface that rows are read by. */
  readonly storage: string;
  /** Who asks. */
  readonly identity: GoogleIdentity;
  /** Project that pays, when a variable says so. */
  readonly project: string | null;
}

/**
 * Reads the variables that Google's own tools read; beside an emulator's `BIGQUERY_EMULATOR_HOST`,
 * `BIGQUERY_STORAGE_EMULATOR_HOST` says where it speaks gRPC.
 */
export function bigQuerySettings(env: Environment): BigQuerySettings {
  const [api, storage] = [
    "BIGQUERY_EMULATOR_HOST",
    "BIGQUERY_STORAGE_EMULATOR_HOST",
  ].map((name) => originOf(env.get(name)));
  const identity = googleIdentity(env);
  return {
    api: api ?? "https://bigquery.googleapis.com",
    storage: storage ?? "https://bigquerystorage.googleapis.com",
    identity: api === null ? identity : { type: "none" },
    project: env.get("GOOGLE_CLOUD_PROJECT") || null,
  };
}

/** Emulators are named with or without a scheme. */
function originOf(host: string | undefined): string | null {
  if (!host) return null;
  return URL.parse(/^https?:\/\//.test(host) ? host : `http://${host}`)
    ?.origin ?? null;
}
