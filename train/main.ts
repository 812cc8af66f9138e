/**
 * The training process: one recipe in, one signed artifact out. Knows nothing of serving.
 *
 * Runs with `--allow-read` for the recipe, its sources and the kernels' modules, `--allow-read` and `--allow-write` for
 * the output folder, `--allow-net` for the hosts of the recipe and `--allow-env=RECOTEM_*`; `recotem permissions` prints
 * the flags.
 *
 * @module
 */
import { KeyRing } from "../artifact/key_ring.ts";
import type { Arguments } from "../core/config/command.ts";
import { TRAIN } from "../core/config/commands.ts";
import { describeFailure } from "../core/config/describe_failure.ts";
import type { Events } from "../core/config/events.ts";
import { commandHelp } from "../core/config/help.ts";
import { parseArguments } from "../core/config/parse_arguments.ts";
import { readVariables } from "../core/config/read_variables.ts";
import { startLogging } from "../core/config/start_logging.ts";
import type { Variables } from "../core/config/variables.ts";
import { RecotemError } from "../core/errors.ts";
import type { Recipe } from "../core/recipe/recipe.ts";
import { loadRecipe } from "../core/recipe/load_recipe.ts";
import { parseEnvOverrides } from "../core/recipe/parse_env_overrides.ts";
import { createStore } from "../core/storage/create_store.ts";
import { storesFromEnv } from "../core/storage/stores_from_env.ts";
import { loadPlugins, verbatimKeys } from "./data/load_plugins.ts";
import { acquireLock } from "./lock.ts";
import { resumption } from "./resumption.ts";
import { storageCredentials } from "./search/storage_credentials.ts";
import { className } from "./search/trial.ts";
import { joinSearch } from "./join_search.ts";
import { train } from "./train.ts";
import { type JoinOptions, randomRunId } from "./train_options.ts";
import { liveView } from "./view/live_view.ts";

/** Exit codes of a run that a signal ended: 128 and the signal's number. */
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
const RUN_ID = /^[A-Za-z0-9_.-]{1,64}$/;
const READ = [
  "RECOTEM_SIGNING_KEYS",
  "RECOTEM_MAX_ARTIFACT_BYTES",
  "RECOTEM_MAX_PAYLOAD_BYTES",
  "RECOTEM_MAX_DOWNLOAD_BYTES",
  "RECOTEM_MAX_MEMORY_BYTES",
  "RECOTEM_ENV",
  "RECOTEM_ARTIFACT_ROOT",
  "RECOTEM_LOCK_DIR",
  "RECOTEM_STORAGE_USER",
  "RECOTEM_STORAGE_PASSWORD",
  "RECOTEM_PLUGINS",
] as const;

type Flags = Arguments<typeof TRAIN>["flags"];

/** One run: what is known of it so far goes into its last event. */
interface Run {
  readonly id: string;
  readonly events: Events;
  readonly signal: AbortSignal;
  readonly facts: Record<string, unknown>;
  /** What to do after a stop; null before the recipe is read. */
  resumption: string | null;
}

/**
 * Trains one recipe.
 *
 * @param argv The arguments of `recotem train`.
 * @returns The exit code: 0 after training, and when another run holds the lock and that is no error.
 */
export async function main(argv: readonly string[]): Promise<number> {
  let run: Run | null = null;
  const stop = new AbortController();
  using view = new DisposableStack();
  const release = onSignals({
    first: (signal) => stop.abort(signal),
    again() {
      const exitCode = tellInterrupted(stop.signal, run);
      view.dispose();
      Deno.exit(exitCode);
    },
  });
  try {
    const args = parseArguments(TRAIN, argv);
    if (args === "help") {
      await Deno.stdout.write(new TextEncoder().encode(commandHelp(TRAIN)));
      return 0;
    }
    run = {
      id: args.flags.join ?? args.flags["run-id"] ?? randomRunId(),
      events: startLogging(Deno.env, {
        unknownFormat: "warn",
        view: args.flags.quiet || args.flags.verbose
          ? null
          : view.use(liveView(Deno.stderr)),
      }),
      signal: stop.signal,
      facts: {},
      resumption: null,
    };
    if (!RUN_ID.test(run.id)) {
      throw new RecotemError(
        "usage_error",
        `Flag --${
          args.flags.join === null ? "run-id" : "join"
        } must be 1 to 64 letters, digits, dots, underscores or dashes`,
      );
    }
    if (args.flags.join !== null && args.flags["run-id"] !== null) {
      throw new RecotemError(
        "usage_error",
        "Flag --join names the run: --run-id may not stand beside it",
      );
    }
    await trainRecipe(args.positionals.RECIPE, args.flags, run);
    return 0;
  } catch (error) {
    return stop.signal.aborted
      ? tellInterrupted(stop.signal, run)
      : tellFailure(error, run);
  } finally {
    release();
  }
}

async function trainRecipe(
  path: string,
  flags: Flags,
  run: Run,
): Promise<void> {
  const { events, signal } = run;
  const variables = readVariables(Deno.env, READ, events);
  // Who joins publishes nothing.
  const keys = flags.join === null
    ? signingKeys(flags, variables, events)
    : null;
  if (keys) run.facts.kid = keys.activeKid;
  const plugins = await loadPlugins(variables.RECOTEM_PLUGINS);
  let recipeText = "";
  const recipe = await loadRecipe(path, {
    onText: (text) => recipeText = text,
    env: Deno.env,
    envOverrides: parseEnvOverrides(flags["env-var"]),
    artifactRoot: variables.RECOTEM_ARTIFACT_ROOT,
    sourcePlugins: verbatimKeys(plugins),
    events,
  });
  run.facts.name = recipe.name;
  run.resumption = resumption(path, recipe.training.storage_path, {
    id: run.id,
    joined: flags.join !== null,
  });
  const options: JoinOptions = {
    store: createStore(
      storesFromEnv(Deno.env, {
        maxDownloadBytes: variables.RECOTEM_MAX_DOWNLOAD_BYTES,
        events,
      }),
    ),
    env: Deno.env,
    plugins,
    events,
    signal,
    runId: run.id,
    recipeText,
    verbosity: flags.quiet ? "quiet" : flags.verbose ? "verbose" : "normal",
    maxArtifactBytes: variables.RECOTEM_MAX_ARTIFACT_BYTES,
    maxPayloadBytes: variables.RECOTEM_MAX_PAYLOAD_BYTES,
    maxDownloadBytes: variables.RECOTEM_MAX_DOWNLOAD_BYTES,
    maxMemoryBytes: variables.RECOTEM_MAX_MEMORY_BYTES ?? Infinity,
    artifactRoot: variables.RECOTEM_ARTIFACT_ROOT,
    storageCredentials: storageCredentials(variables),
    note: (facts) => Object.assign(run.facts, facts),
  };
  if (keys === null) return await joinRun(recipe, options, run);
  using lock = flags["no-lock"]
    ? NO_LOCK
    : await acquireLock(recipe.output.path, {
      timeoutSeconds: flags["lock-timeout"],
      failOnBusy: flags["fail-on-busy"],
      lockDir: variables.RECOTEM_LOCK_DIR ?? "/tmp/recotem-locks",
      events,
      signal,
    });
  if (lock === null) return;
  const { publication, header } = await train(recipe, { ...options, keys });
  events.info("train_done", {
    ...run.facts,
    run_id: run.id,
    exit_code: 0,
    artifact: publication.artifact,
    best_class: header.best_class,
    best_score: header.best_score,
    best_score_interval: header.best_score_interval,
    popularity_score: header.metrics?.popularity_score,
    ...(header.test_score !== undefined && {
      test_score: header.test_score,
      test_score_interval: header.test_score_interval,
    }),
    trials: header.tuning.n_trials,
    n_orphaned: header.tuning.n_orphaned,
    trained_at: header.trained_at,
  });
}

async function joinRun(
  recipe: Recipe,
  options: JoinOptions,
  { id, events, facts }: Run,
): Promise<void> {
  const { best, trials } = await joinSearch(recipe, options);
  events.info("train_joined", {
    ...facts,
    run_id: id,
    exit_code: 0,
    best_class: className(best),
    best_score: best.evaluation![recipe.training.metric],
    trials: trials.length,
  });
}

const NO_LOCK: Disposable = { [Symbol.dispose]() {} };

function signingKeys(
  flags: Flags,
  variables: Pick<Variables, typeof READ[number]>,
  events: Events,
): KeyRing {
  if (!flags["dev-allow-unsigned"]) {
    return KeyRing.fromEnv(variables.RECOTEM_SIGNING_KEYS ?? undefined, events);
  }
  if (!flags["i-understand-this-loads-arbitrary-code"]) {
    throw new RecotemError(
      "config_error",
      "Flag --dev-allow-unsigned needs --i-understand-this-loads-arbitrary-code beside it",
    );
  }
  if (variables.RECOTEM_ENV.toLowerCase() !== "development") {
    throw new RecotemError(
      "config_error",
      "Flag --dev-allow-unsigned works only where RECOTEM_ENV is development",
    );
  }
  return KeyRing.developmentUnsigned();
}

function tellFailure(error: unknown, run: Run | null): number {
  const { exitCode, text } = describeFailure(error);
  if (run === null) Deno.stderr.writeSync(new TextEncoder().encode(text));
  run?.events.error("train_error", {
    ...run.facts,
    ...(error instanceof RecotemError && error.details),
    run_id: run.id,
    error: text.trimEnd(),
    code: error instanceof RecotemError ? error.code : "internal_error",
    exit_code: exitCode,
    trained_at: new Date().toISOString(),
  });
  return exitCode;
}

/** Tells that a signal ended the run; answers the exit code. */
function tellInterrupted(stopped: AbortSignal, run: Run | null): number {
  const signal = stopped.reason as keyof typeof SIGNALS;
  run?.events.warn("train_interrupted", {
    signal,
    run_id: run.id,
    resume: run.resumption,
  });
  return SIGNALS[signal];
}

/** What to do at the first signal, and at one that comes later. */
interface SignalHandlers {
  first(signal: keyof typeof SIGNALS): void;
  again(): void;
}

/** One Ctrl-C may arrive as several signals at once, by way of the terminal and of a parent. */
const SAME_MILLISECONDS = 300;

function onSignals({ first, again }: SignalHandlers): () => void {
  let since: number | null = null;
  const listeners = (Object.keys(SIGNALS) as (keyof typeof SIGNALS)[])
    .map((signal) => ({
      signal,
      listener(): void {
        if (since === null) {
          since = performance.now();
          first(signal);
        } else if (performance.now() - since > SAME_MILLISECONDS) again();
      },
    }));
  for (const { signal, listener } of listeners) {
    Deno.addSignalListener(signal, listener);
  }
  return () => {
    for (const { signal, listener } of listeners) {
      Deno.removeSignalListener(signal, listener);
    }
  };
}

if (import.meta.main) Deno.exit(await main(Deno.args));
