import type { Hono } from "hono";
import type { KeyRing } from "../artifact/key_ring.ts";
import type { Environment } from "../core/config/environment.ts";
import type { Events } from "../core/config/events.ts";
import { loadRecipesDirectory } from "../core/recipe/load_recipes_directory.ts";
import { parseEnvOverrides } from "../core/recipe/parse_env_overrides.ts";
import { createStore } from "../core/storage/create_store.ts";
import { storesFromEnv } from "../core/storage/stores_from_env.ts";
import { ApiKeys } from "./api_keys.ts";
import { createApp } from "./app.ts";
import type { AppEnv } from "./app_env.ts";
import { createModelLoader } from "./create_model_loader.ts";
import { countEvents } from "./metrics/count_events.ts";
import type { Metrics } from "./metrics/metrics.ts";
import { RecipeFolder } from "./recipe_folder.ts";
import { Registry } from "./registry.ts";
import type { Settings } from "./settings.ts";
import { Watcher } from "./watcher.ts";

/** What a service is made of, beside its settings. */
export interface ServiceOptions {
  /** Null takes artifacts without a look at their signature. */
  readonly keys: KeyRing | null;
  readonly env: Environment;
  readonly events: Events;
}

/** All of a server but the port it listens on. */
export interface Service {
  readonly app: Hono<AppEnv>;
  /** Has looked once; to look again is left to the caller. */
  readonly watcher: Watcher;
  /** Tells, and counts what is counted. */
  readonly events: Events;
}

/**
 * Loads what can be loaded.
 *
 * @throws {RecotemError} `recipe_error` when the folder of recipes cannot be read.
 */
export async function createService(
  settings: Settings,
  { keys, env, events: told }: ServiceOptions,
): Promise<Service> {
  const { variables } = settings;
  const registry = new Registry({
    maxAgeSeconds: variables.RECOTEM_MAX_MODEL_AGE,
    now: () => new Date(),
  });
  const now = () => performance.now();
  const metrics = variables.RECOTEM_METRICS_ENABLED
    ? await createMetrics(registry, now, variables.RECOTEM_WORKER)
    : null;
  const events = metrics ? countEvents(told, metrics) : told;
  const store = createStore(
    storesFromEnv(env, {
      maxDownloadBytes: variables.RECOTEM_MAX_ARTIFACT_BYTES,
      webArtifacts: true,
      events,
    }),
  );
  const envOverrides = parseEnvOverrides(settings.envVars);
  const folder = new RecipeFolder(
    settings.recipes,
    () =>
      loadRecipesDirectory(settings.recipes, {
        env,
        envOverrides,
        readOnly: true,
        events,
        artifactRoot: variables.RECOTEM_ARTIFACT_ROOT,
      }),
  );
  const watcher = new Watcher({
    registry,
    folder,
    store,
    loader: createModelLoader({
      store,
      keys,
      maxArtifactBytes: variables.RECOTEM_MAX_ARTIFACT_BYTES,
      maxPayloadBytes: variables.RECOTEM_MAX_PAYLOAD_BYTES,
      deniedFields: variables.RECOTEM_METADATA_FIELD_DENY,
      now: () => new Date(),
      allowRollback: settings.allowRollback,
      events,
    }),
    events,
    intervalSeconds: variables.RECOTEM_WATCH_INTERVAL,
    parallelism: variables.RECOTEM_STARTUP_PARALLELISM,
    now,
    random: Math.random,
  });
  await loadAll(watcher, registry, events);
  const app = createApp({
    registry,
    authentication: {
      // Before a platform's server nobody needs a key but those who ask for other routes than the platform's.
      keys: settings.apiKeys.length > 0 ||
          settings.adapters.platform && !settings.insecureNoAuth
        ? new ApiKeys(settings.apiKeys)
        : null,
      anonymousMode: settings.insecureNoAuth
        ? "insecure_no_auth"
        : "loopback_no_keys",
    },
    allowedHosts: variables.RECOTEM_ALLOWED_HOSTS,
    allowedOrigins: variables.RECOTEM_ALLOWED_ORIGINS,
    events,
    metrics,
    adapters: settings.adapters,
    accessLog: variables.RECOTEM_ACCESS_LOG,
    docs: settings.development,
    playground: settings.playground,
  });
  return { app, watcher, events };
}

/** Loaded when it is asked for only: it takes a quarter of the time of a start. */
async function createMetrics(
  registry: Registry,
  now: () => number,
  worker: string | null,
): Promise<Metrics> {
  const { Metrics } = await import("./metrics/metrics.ts");
  return new Metrics(registry, now, worker);
}

async function loadAll(
  watcher: Watcher,
  registry: Registry,
  events: Events,
): Promise<void> {
  const start = performance.now();
  const { workers } = await watcher.look();
  const entries = registry.entries();
  const succeeded = entries.filter(({ model }) => model !== null).length;
  for (const { name, model, error } of entries) {
    if (!model) events.warn("recipe_not_loaded_at_startup", { name, error });
  }
  events.info("startup_artifact_load_complete", {
    total_recipes: entries.length,
    succeeded,
    failed: entries.length - succeeded,
    wall_seconds: (performance.now() - start) / 1000,
    max_workers: workers,
  });
}
