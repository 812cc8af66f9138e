import type { Environment } from "../config/environment.ts";
import type { Events } from "../config/events.ts";
import { readVariables } from "../config/read_variables.ts";
import { AzureStore } from "./azure_store.ts";
import { FileStore } from "./file_store.ts";
import { GcsStore } from "./gcs_store.ts";
import { HttpStore } from "./http_store.ts";
import { HttpsArtifactStore } from "./https_artifact_store.ts";
import { refuseAddress } from "./refuse_address.ts";
import { S3Store } from "./s3_store.ts";
import type { Store } from "./store.ts";

const FIRST_RETRY_MS = 500;

/** Options of {@linkcode storesFromEnv}. */
export interface StoresFromEnvOptions {
  /** Largest file that is taken from the web. */
  readonly maxDownloadBytes: number;
  /** Whether `https:` names artifacts, which are looked at again and again, and not data, which is fetched once. */
  readonly webArtifacts?: boolean;
  /** Told of variables that were pulled to a bound. */
  readonly events: Events;
}

/**
 * A store for every scheme that recipes may name: files of this machine, `http:` and `https:`, `s3:`, `gs:`, `az:`,
 * `abfs:` and `abfss:`. Variables of the web are read at once, those of an object store at its first request. What a
 * URI needs of the runtime is told by {@linkcode recipePermissions}.
 *
 * @param env Where the variables are read.
 *
 * @example Train on data of an object store, and publish there
 * ```ts no-assert
 * import { createEvents, createStore, storesFromEnv } from "@recotem/core";
 *
 * const store = createStore(storesFromEnv(Deno.env, {
 *   maxDownloadBytes: 2 ** 28,
 *   events: createEvents(),
 * }));
 * // await train(recipe, { keys, store });
 * ```
 */
export function storesFromEnv(
  env: Environment,
  { maxDownloadBytes, webArtifacts = false, events }: StoresFromEnvOptions,
): Store[] {
  const variables = readVariables(
    env,
    ["RECOTEM_HTTP_TIMEOUT_SECONDS", "RECOTEM_HTTP_ALLOW_PRIVATE"],
    events,
  );
  const { RECOTEM_HTTP_TIMEOUT_SECONDS: seconds } = variables;
  const web = {
    timeoutSeconds: seconds,
    firstRetryMs: FIRST_RETRY_MS,
    refuse: variables.RECOTEM_HTTP_ALLOW_PRIVATE ? () => null : refuseAddress,
  };
  return [
    new FileStore(),
    new S3Store(env, seconds),
    new GcsStore(env, seconds),
    new AzureStore(env, seconds),
    // Of two stores for one scheme the first answers.
    ...(webArtifacts ? [new HttpsArtifactStore(web)] : []),
    new HttpStore({ maxBytes: maxDownloadBytes, ...web }),
  ];
}
