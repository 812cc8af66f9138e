import type { Environment } from "../config/environment.ts";
import { endpoint } from "./_endpoint.ts";
import { readAll } from "./_read_all.ts";

/** Variables that {@linkcode gcsSettings} reads. */
export const GCS_VARIABLES: readonly string[] = [
  "GOOGLE_APPLICATION_CREDENTIALS",
  "GCE_METADATA_HOST",
  "STORAGE_EMULATOR_HOST",
];

/** How to reach Google Cloud Storage. */
export interface GcsSettings {
  readonly endpoint: string;
  /** Where the right to ask comes from. */
  readonly identity: GcsIdentity;
}

/** Nobody in particular, a key file, or the machine itself by its metadata server. */
export type GcsIdentity =
  | { readonly type: "none" }
  | { readonly type: "file"; readonly path: string }
  | { readonly type: "machine"; readonly host: string };

/** Where key files are exchanged for tokens. */
export const GCS_TOKEN_URL = "https://oauth2.googleapis.com/token";

/**
 * Reads the variables that Google's own tools read.
 *
 * @throws {RecotemError} `config_error` when the endpoint is no URL.
 */
export function gcsSettings(environment: Environment): GcsSettings {
  const env = readAll(environment, GCS_VARIABLES);
  const path = env.get("GOOGLE_APPLICATION_CREDENTIALS");
  const host = env.get("GCE_METADATA_HOST") ?? "metadata.google.internal";
  const emulator = endpoint(env, "STORAGE_EMULATOR_HOST");
  if (emulator !== null) {
    return { endpoint: emulator, identity: { type: "none" } };
  }
  return {
    endpoint: "https://storage.googleapis.com",
    identity: path ? { type: "file", path } : { type: "machine", host },
  };
}
