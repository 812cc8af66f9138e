import type { KeyRing } from "../artifact/key_ring.ts";
import type { Environment } from "../core/config/environment.ts";
import type { Events } from "../core/config/events.ts";
import { RecotemError } from "../core/errors.ts";
import { loadRecipesDirectory } from "../core/recipe/load_recipes_directory.ts";
import { parseEnvOverrides } from "../core/recipe/parse_env_overrides.ts";
import { deadline } from "../core/std/async.ts";
import { createStore } from "../core/storage/create_store.ts";
import { storesFromEnv } from "../core/storage/stores_from_env.ts";
import { ApiKeys } from "./api_keys.ts";
import { createApp } from "./app.ts";
import { createModelLoader } from "./create_model_loader.ts";
import { countEvents } from "./metrics/count_events.ts";
import type { Metrics } from "./metrics/metrics.ts";
import { RecipeFolder } from "./recipe_folder.ts";
import { Registry } from "./registry.ts";
import { RunningRequests } from "./running_requests.ts";
import type { Settings } from "./settings.ts";
import { Watcher } from "./watcher.ts";

const WATCHER_JOIN_MS = 5000;
/** Least time to send answers that are made. */
const SEND_MS = 1000;

/** What a server is made of, beside its settings. */
export interface ServerOptions {
  /** Null takes artifacts without a look at their signature. */
  readonly keys: KeyRing | null;
  readonly env: Environment;
  readonly events: Events;
}

/** A server that answers. */
export interface RunningServer {
  readonly address: Deno.NetAddr;
  /** Lets running requests end for up to the drain time, takes no more of them, and cuts off what is not over then. */
  stop(): Promise<void>;
}

/**
 * Loads what can be loaded, then listens.
 *
 * @throws {RecotemError} `config_error`, reason `bind`, when the address is taken or not to be had; `recipe_error` when
 * the folder of recipes cannot be read.
 */
export async function startServer(
  settings: Settings,
  { keys, env, events: told }: ServerOptions,
): Promise<RunningServer> {
  const { variables } = settings;
  const registry = new Registry();
  const now = () => performance.now();
  const metrics = variables.RECOTEM_METRICS_ENABLED
    ? await createMetrics(registry, now)
    : null;
  const events = metrics ? countEvents(told, metrics) : told;
  const store = createStore(
    storesFromEnv(env, {
      maxDownloadBytes: variables.RECOTEM_MAX_ARTIFACT_BYTES,
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
      keys: settings.apiKeys.length > 0 ? new ApiKeys(settings.apiKeys) : null,
      anonymousMode: settings.insecureNoAuth
        ? "insecure_no_auth"
        : "loopback_no_keys",
    },
    allowedHosts: variables.RECOTEM_ALLOWED_HOSTS,
    allowedOrigins: variables.RECOTEM_ALLOWED_ORIGINS,
    events,
    metrics,
    docs: settings.development,
  });
  const running = new RunningRequests();
  const server = listen(settings, running.track(app.fetch));
  const watching = watcher.run();
  return {
    address: server.addr,
    async stop() {
      const drainSeconds = variables.RECOTEM_DRAIN_SECONDS;
      events.info("serve_shutdown", { drain_seconds: drainSeconds });
      watcher.stop();
      const end = performance.now() + 1000 * drainSeconds;
      // Before, because shutdown() takes from running requests the bodies that have not come yet.
      await within(1000 * drainSeconds, running.settled());
      const left = Math.max(SEND_MS, end - performance.now());
      await within(left, server.shutdown());
      await within(WATCHER_JOIN_MS, watching, () => {
        events.warn("artifact_watcher_join_timeout");
      });
    },
  };
}

/** Loaded when it is asked for only: it takes a quarter of the time of a start. */
async function createMetrics(
  registry: Registry,
  now: () => number,
): Promise<Metrics> {
  const { Metrics } = await import("./metrics/metrics.ts");
  return new Metrics(registry, now);
}

function listen(
  { host, port }: Settings,
  handler: Deno.ServeHandler<Deno.NetAddr>,
): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve(
      { hostname: host, port, onListen: () => {} },
      handler,
    );
  } catch (cause) {
    const reason = cause instanceof Error ? cause.name : "unknown error";
    throw new RecotemError(
      "config_error",
      `Cannot listen on ${host} port ${port} (${reason}): choose another address, or free this one`,
      { cause, details: { reason: "bind" } },
    );
  }
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

/** Waits for `promise`, at most `ms`; then does `otherwise`. */
async function within(
  ms: number,
  promise: Promise<void>,
  otherwise: () => void = () => {},
): Promise<void> {
  try {
    await deadline(promise, ms);
  } catch {
    otherwise();
  }
}
