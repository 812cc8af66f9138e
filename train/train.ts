/**
 * Training, the whole way: data, split, search, refit, artifact.
 *
 * @module
 */
import type { ArtifactCaps } from "../artifact/artifact_caps.ts";
import { encodeArtifact } from "../artifact/encode_artifact.ts";
import type { HeaderFields } from "../artifact/header.ts";
import type { KeyRing } from "../artifact/key_ring.ts";
import { planPublication } from "../artifact/plan_publication.ts";
import {
  type Publication,
  publishArtifact,
} from "../artifact/publish_artifact.ts";
import { algorithmByName } from "../algorithms/mod.ts";
import { shapeOf } from "../algorithms/shape_of.ts";
import { type Events, SILENT } from "../core/config/events.ts";
import { VARIABLES } from "../core/config/variables.ts";
import { createKernels } from "../core/kernels/create_kernels.ts";
import { createRandom } from "../core/kernels/create_random.ts";
import type { Kernels } from "../core/kernels/kernels.ts";
import { Recommender } from "../core/models/recommender.ts";
import { RecotemError } from "../core/errors.ts";
import { recipeHash } from "../core/recipe/recipe_hash.ts";
import type { Recipe, Training } from "../core/recipe/recipe.ts";
import { studyStorage } from "../core/recipe/study_storage.ts";
import { createStore } from "../core/storage/create_store.ts";
import type { Store } from "../core/storage/store.ts";
import { artifactHeader } from "./artifact_header.ts";
import { checkGate } from "./check_gate.ts";
import { chooseDevice } from "./choose_device.ts";
import { chooseWeights } from "./choose_weights.ts";
import { compressModel } from "./compress_model.ts";
import { createDataSource } from "./data/create_data_source.ts";
import type { Interactions } from "./data/interactions.ts";
import { readInteractions } from "./data/read_interactions.ts";
import { readItemTable } from "./data/read_item_table.ts";
import { keepVersions } from "./keep_versions.ts";
import { leaderboard, type LeaderboardRow } from "./leaderboard.ts";
import type { Measurement } from "./measurement.ts";
import { refit } from "./refit.ts";
import { type ReportFiles, writeReport } from "./report/write_report.ts";
import { checkStorage } from "./search/check_storage.ts";
import type { StorageCredentials } from "./search/database/open_postgresql.ts";
import { scorePopularity } from "./score_popularity.ts";
import { type TestScore, testScore } from "./test_score.ts";
import { openTrialLog } from "./search/open_trial_log.ts";
import { MOST_TRIAL_BYTES, runWithin } from "./search/run_within.ts";
import { search, type SearchResult } from "./search/search.ts";
import { searchPlan } from "./search/search_plan.ts";
import {
  className,
  countCompleted,
  learntParams,
  type Trial,
} from "./search/trial.ts";
import { shareThreads } from "./search/share_threads.ts";
import { type PoolSetting, TrialPool } from "./search/trial_pool.ts";
import { settledParams } from "./settled_params.ts";
import {
  type DataSplit,
  splitInteractions,
  type SplitResult,
} from "./split.ts";

/** Options of {@linkcode train}. */
export interface TrainOptions extends Partial<ArtifactCaps> {
  /** The first key signs the artifact. */
  readonly keys: KeyRing;
  /** Where sources are and the artifact goes; default: local files. */
  readonly store?: Store;
  /**
   * What the final model is fitted with. Default: WebAssembly on a worker for each processor, and the device of the
   * recipe; ended after training.
   */
  readonly kernels?: Kernels;
  /** Default: silent. */
  readonly events?: Events;
  /** Stops training; nothing is published then. */
  readonly signal?: AbortSignal;
  /** Cap on the raw bytes of one source; default: 256 MiB. */
  readonly maxDownloadBytes?: number;
  /**
   * Memory that the trials of a search that run at once may take together, in bytes; what is estimated to need more than
   * its share is not tried. Default: 4 GiB for each, the most that a trial can use.
   */
  readonly maxMemoryBytes?: number;
  /** Folder that local outputs must lie in; default: no such rule. */
  readonly artifactRoot?: string | null;
  /** The recipe as it was written, variables not filled in, for the report; default: it says none. */
  readonly recipeText?: string | null;
  /** Name of this run in events; default: 12 random hex digits. */
  readonly runId?: string;
  /** Who asks the database server of `training.storage_path`; default: nobody. */
  readonly storageCredentials?: StorageCredentials | null;
  /** Which trials are told of: none, all, or all with their parameters; default: all. */
  readonly verbosity?: "quiet" | "normal" | "verbose";
  /** The time now. */
  now?(): Date;
  /** Called as facts become known, for the report of a run that fails later. */
  note?(facts: Readonly<Record<string, unknown>>): void;
}

/** Options of {@linkcode joinSearch}, which signs nothing. */
export type JoinOptions = Omit<TrainOptions, "keys">;

type TrainContext = Required<Omit<TrainOptions, "kernels">>;
type SearchContext = Omit<TrainContext, "keys">;

/** What came of training. */
export interface TrainResult {
  /** Where the artifact is. */
  readonly publication: Publication;
  /** What the artifact says of itself. */
  readonly header: HeaderFields;
  /** How each algorithm did, best first. */
  readonly leaderboard: readonly LeaderboardRow[];
  /** Where the report is; null when none was asked for, or it could not be written. */
  readonly report: ReportFiles | null;
  /** Of the best trial's model, as it is kept in the artifact, on what trials were scored on. */
  readonly evaluation: Measurement;
  /** Of the list of the most popular items, on the same. */
  readonly popularity: Measurement;
  /** Scores on what no trial has seen; null without `split.test_ratio`. */
  readonly test: TestScore | null;
}

/**
 * Trains the model of a recipe and publishes it. Nothing is published unless all went well; then a report is written
 * beside it, whose failure is only told to the events, and old versions go that `output.keep`
 * does not keep.
 *
 * Needs read permission for the sources and the kernels' modules, read and write permission for the output folder.
 * Takes no lock: two runs for one output at a time are safe, and the later one stays; when both publish at the same
 * moment, one of them fails.
 *
 * @throws {RecotemError} Exit code 3 or 7 for the data, 4 for training and for what the gate refuses, 5 for the artifact, 6 when another run published
 * at the same moment.
 */
export async function train(
  recipe: Recipe,
  options: TrainOptions,
): Promise<TrainResult> {
  const context = contextOf(options);
  const started = context.now();
  checkStorage(recipe.training.storage_path, context.storageCredentials);
  planPublication(recipe.output, "0".repeat(64));
  const hash = await recipeHash(recipe);
  context.note({ recipe_hash: hash });
  context.events.info("training_started", {
    name: recipe.name,
    run_id: context.runId,
    recipe_hash: hash,
  });
  const device = await chooseDevice(recipe.training, context.events);
  const { interactions, table } = await readData(recipe, context);
  const { found, split, popularity } = await searchModels(
    recipe,
    interactions,
    {
      ...context,
      device,
      join: false,
    },
  );
  const { arithmetic } = recipe.training;
  const kernels = options.kernels ??
    await createKernels({ device, arithmetic });
  try {
    const random = createRandom(recipe.training.split.seed).fork("fits");
    const refitContext = { ...context, kernels, random };
    const kept = found.best.algorithm.weights
      ? await chooseWeights(found.best, split, recipe.training, refitContext)
      : null;
    const test = split.test && await testScore(
      found.best,
      split.test,
      kept && kept.format,
      recipe.training,
      refitContext,
    );
    const refitted = await refit(found.best, interactions.matrix, refitContext);
    const model = kept ? compressModel(refitted, kept.format) : refitted;
    const header = artifactHeader(recipe, found, interactions.stats, {
      recipeHash: hash,
      engine: kernels.engine,
      modelKind: model.kind,
      settled: settledParams(found.best, interactions.matrix),
      trainedAt: context.now(),
      kept,
      popularity,
      test,
    });
    await checkGate(recipe, header, context);
    const { users, items, matrix: seen } = interactions;
    const recommender = new Recommender({ model, users, items, seen, table });
    const publication = await publish(recipe, header, recommender, context);
    return {
      publication,
      header,
      leaderboard: leaderboard(found.trials, recipe.training.metric),
      report: recipe.output.report
        ? await writeReport({
          ...{ recipe, interactions, found, model, recommender, kernels },
          ...{ publication, header, runId: context.runId },
          recipeText: context.recipeText,
          wallSeconds: (context.now().getTime() - started.getTime()) / 1000,
          signal: context.signal,
        }, context)
        : null,
      evaluation: kept?.evaluation ?? found.best.evaluation!,
      popularity,
      test,
    };
  } finally {
    if (kernels !== options.kernels) kernels.close();
  }
}

/**
 * Runs trials of a search that another run began, on the same recipe and data, until all are done; that run publishes
 * what comes of them. Its name is `options.runId`; `training.storage_path` must be a database of a server.
 *
 * @throws {RecotemError} Exit code 2 for another storage, 3 or 7 for the data, 4 for the search, 8 for the credentials.
 */
export async function joinSearch(
  recipe: Recipe,
  options: JoinOptions,
): Promise<SearchResult> {
  const context = contextOf(options);
  const { storage_path: path } = recipe.training;
  checkStorage(path, context.storageCredentials);
  if (studyStorage(path).type !== "postgresql") {
    throw new RecotemError(
      "usage_error",
      "Flag --join needs a training.storage_path that starts with postgresql://",
    );
  }
  const device = await chooseDevice(recipe.training, context.events);
  const { interactions } = await readData(recipe, context);
  const joining = { ...context, device, join: true };
  return (await searchModels(recipe, interactions, joining)).found;
}

function contextOf<T extends JoinOptions>(options: T): SearchContext & T {
  return {
    store: createStore(),
    events: SILENT,
    signal: new AbortController().signal,
    maxArtifactBytes: VARIABLES.RECOTEM_MAX_ARTIFACT_BYTES.default,
    maxPayloadBytes: VARIABLES.RECOTEM_MAX_PAYLOAD_BYTES.default,
    maxDownloadBytes: VARIABLES.RECOTEM_MAX_DOWNLOAD_BYTES.default,
    maxMemoryBytes: Infinity,
    artifactRoot: null,
    recipeText: null,
    runId: randomRunId(),
    storageCredentials: null,
    verbosity: "normal",
    now: () => new Date(),
    note() {},
    ...options,
  };
}

/** A name for a run: 12 random hex digits. */
export function randomRunId(): string {
  return crypto.getRandomValues(new Uint8Array(6)).toHex();
}

async function searchModels(
  recipe: Recipe,
  interactions: Interactions,
  context: SearchContext & Pick<PoolSetting, "device"> & { join: boolean },
): Promise<
  { found: SearchResult; split: DataSplit; popularity: Measurement }
> {
  const { events, signal } = context;
  const { training } = recipe;
  const random = createRandom(training.split.seed);
  events.info("splitting_data", { scheme: training.split.scheme });
  const split = splitInteractions(
    interactions,
    training.split,
    random.fork("split"),
  );
  events.info("split_done", {
    n_fit: split.fit.indices.length,
    n_held_out: split.heldOut.indices.length,
    val_offset: split.trainUsers,
    ...(split.test && { n_test: split.test.heldOut.indices.length }),
  });
  const popularity = await scorePopularity(split, training, {
    ...context,
    random: random.fork("fits"),
  });
  events.info("popularity_scored", {
    score: popularity[training.metric],
    score_interval: popularity.interval,
    n_users: popularity.users,
  });
  await using log = await openTrialLog(recipe, interactions.stats, {
    ...context,
    credentials: context.storageCredentials,
  });
  const algorithms = training.algorithms.map(algorithmByName);
  const shape = shapeOf(split.fit);
  events.info("search_started", searchPlan(training, algorithms, shape));
  using pool = new TrialPool(poolSetting(split, training, context));
  const trials: Trial[] = [];
  const found = await search({
    algorithms,
    training,
    random: random.fork("search"),
    events,
    signal,
    log,
    run: runWithin((job, options) => pool.run(job, options), {
      algorithms,
      shape,
      bytes: Math.min(
        MOST_TRIAL_BYTES,
        context.maxMemoryBytes / atOnce(training),
      ),
      events,
    }),
    onTrial(trial) {
      trials.push(trial);
      reportTrial(trial, recipe, context);
    },
  }).catch((error) => {
    if (signal.aborted && trials.length > 0) {
      events.warn("search_interrupted", {
        n_completed: countCompleted(trials),
        leaderboard: leaderboard(trials, training.metric),
      });
    }
    throw error;
  });
  events.info("search_done", {
    best_class: className(found.best),
    best_score: found.best.evaluation![training.metric],
    best_score_interval: found.best.evaluation!.interval,
    popularity_score: popularity[training.metric],
    n_completed: countCompleted(found.trials),
    leaderboard: leaderboard(found.trials, training.metric),
  });
  return { found, split, popularity };
}

/** Trials that run at the same time, at most. */
function atOnce({ parallelism, n_trials }: Training): number {
  return Math.min(parallelism, n_trials);
}

function poolSetting(
  { fit, heldOut }: SplitResult,
  training: Training,
  { device }: Pick<PoolSetting, "device">,
): PoolSetting {
  const { metric, cutoff, weights, arithmetic, split: { seed } } = training;
  return {
    fit,
    heldOut,
    metric,
    cutoff,
    weights,
    seed,
    threads: shareThreads(navigator.hardwareConcurrency, atOnce(training)),
    device,
    arithmetic,
  };
}

async function publish(
  recipe: Recipe,
  header: HeaderFields,
  recommender: Recommender,
  context: TrainContext,
): Promise<Publication> {
  const { store, keys, signal, events } = context;
  const parts = encodeArtifact(header, recommender.tensors(), keys);
  signal.throwIfAborted();
  const publication = await publishArtifact(
    store,
    recipe.output,
    parts,
    context,
  );
  events.info("artifact_written", {
    versioning: recipe.output.versioning,
    artifact: publication.artifact,
    pointer: publication.pointer,
    kid: keys.activeKid,
    bytes: publication.bytes,
  });
  await keepVersions(recipe.output, context);
  return publication;
}

async function readData(
  recipe: Recipe,
  { store, events, signal, maxDownloadBytes, note }: SearchContext,
): Promise<
  {
    interactions: Interactions;
    table: Awaited<ReturnType<typeof readItemTable>> | null;
  }
> {
  const dependencies = { store, events, maxBytes: maxDownloadBytes };
  events.info("fetching_data", { type: recipe.source.type });
  const interactions = await readInteractions(
    createDataSource(recipe.source, dependencies),
    recipe.schema,
    recipe.cleansing,
    { events, signal },
  );
  const { rows, users, items, dropped } = interactions.stats;
  note({ n_rows: rows, n_users: users, n_items: items });
  events.info("data_fetched", { n_rows: rows + dropped });
  events.info("data_cleansed", {
    n_rows: rows,
    n_users: users,
    n_items: items,
    drop_count: dropped,
  });
  const table = recipe.item_metadata &&
    await readItemTable(
      recipe.item_metadata,
      interactions.items,
      dependencies,
      signal,
    );
  return { interactions, table };
}

function reportTrial(
  trial: Trial,
  recipe: Recipe,
  { events, verbosity, runId }: SearchContext,
): void {
  if (verbosity === "quiet") return;
  const { evaluation } = trial;
  events.info("trial_done", {
    trial: trial.number,
    score: evaluation && evaluation[recipe.training.metric],
    ...(evaluation && {
      score_interval: evaluation.interval,
      coverage: evaluation.coverage,
      novelty: evaluation.novelty,
      gini: evaluation.gini,
    }),
    algorithm: trial.algorithm.name,
    state: trial.state,
    seconds: trial.seconds,
    recipe: recipe.name,
    run_id: runId,
    ...(verbosity === "verbose" && { params: learntParams(trial) }),
  });
}
