import type { Environment } from "../config/environment.ts";
import { endpoint } from "./_endpoint.ts";
import {
  GOOGLE_VARIABLES,
  type GoogleIdentity,
  googleIdentity,
} from "./google_identity.ts";
import { readAll } from "./_read_all.ts";

/** Variables that {@linkcode gcsSettings} reads. */
export const GCS_VARIABLES: readonly string[] = [
  ...GOOGLE_VARIABLES,
  "STORAGE_EMULATOR_HOST",
];

/** How to reach Google Cloud Storage. */
export interface GcsSettings {
  readonly endpoint: string;
  /** Where the right to ask comes from. */
  readonly identity: GoogleIdentity;
}

/**
 * Reads the variables that Google's own tools read.
 *
 * @throws {RecotemError} `config_error` when the endpoint is no URL.
 */
export function gcsSettings(environment: Environment): GcsSettings {
  const env = readAll(environment, GCS_VARIABLES);
  const identity = googleIdentity(env);
  const emulator = endpoint(env, "STORAGE_EMULATOR_HOST");
  if (emulator !== null) {
    return { endpoint: emulator, identity: { type: "none" } };
  }
  return {
    endpoint: "https://storage.googleapis.com",
    identity,
  };
}
