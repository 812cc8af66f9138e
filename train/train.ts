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
import { pruneVersions } from "../artifact/prune_versions.ts";
import {
  type Publication,
  publishArtifact,
} from "../artifact/publish_artifact.ts";
import { algorithmByName } from "../algorithms/mod.ts";
import { describeFailure } from "../core/config/describe_failure.ts";
import { type Events, SILENT } from "../core/config/events.ts";
import { VARIABLES } from "../core/config/variables.ts";
import { createKernels } from "../core/kernels/create_kernels.ts";
import { createRandom } from "../core/kernels/create_random.ts";
import type { Kernels } from "../core/kernels/kernels.ts";
import { Recommender } from "../core/models/recommender.ts";
import { recipeHash } from "../core/recipe/recipe_hash.ts";
import type { Recipe, Training } from "../core/recipe/recipe.ts";
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
import { leaderboard, type LeaderboardRow } from "./leaderboard.ts";
import type { Measurement } from "./measurement.ts";
import { refit } from "./refit.ts";
import { scorePopularity } from "./score_popularity.ts";
import { type TestScore, testScore } from "./test_score.ts";
import { checkStoragePath } from "./search/check_storage_path.ts";
import { openTrialLog } from "./search/open_trial_log.ts";
import { search, type SearchResult } from "./search/search.ts";
import {
  className,
  countCompleted,
  learntParams,
  type Trial,
} from "./search/trial.ts";
import type { TrialSetting } from "./search/trial_job.ts";
import { TrialPool } from "./search/trial_pool.ts";
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
  /** Folder that local outputs must lie in; default: no such rule. */
  readonly artifactRoot?: string | null;
  /** Name of this run in events; default: 12 random hex digits. */
  readonly runId?: string;
  /** Which trials are told of: none, all, or all with their parameters; default: all. */
  readonly verbosity?: "quiet" | "normal" | "verbose";
  /** The time now. */
  now?(): Date;
  /** Called as facts become known, for the report of a run that fails later. */
  note?(facts: Readonly<Record<string, unknown>>): void;
}

type TrainContext = Required<Omit<TrainOptions, "kernels">>;

/** What came of training. */
export interface TrainResult {
  /** Where the artifact is. */
  readonly publication: Publication;
  /** What the artifact says of itself. */
  readonly header: HeaderFields;
  /** How each algorithm did, best first. */
  readonly leaderboard: readonly LeaderboardRow[];
  /** Of the best trial's model, as it is kept in the artifact, on what trials were scored on. */
  readonly evaluation: Measurement;
  /** Of the list of the most popular items, on the same. */
  readonly popularity: Measurement;
  /** Scores on what no trial has seen; null without `split.test_ratio`. */
  readonly test: TestScore | null;
}

/**
 * Trains the model of a recipe and publishes it. Nothing is published unless all went well. Then old versions go that
 * `output.keep` does not keep; a failure of that is only told to the events.
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
  const context = {
    store: createStore(),
    events: SILENT,
    signal: new AbortController().signal,
    maxArtifactBytes: VARIABLES.RECOTEM_MAX_ARTIFACT_BYTES.default,
    maxPayloadBytes: VARIABLES.RECOTEM_MAX_PAYLOAD_BYTES.default,
    maxDownloadBytes: VARIABLES.RECOTEM_MAX_DOWNLOAD_BYTES.default,
    artifactRoot: null,
    runId: randomRunId(),
    verbosity: "normal" as const,
    now: () => new Date(),
    note() {},
    ...options,
  };
  checkStoragePath(recipe.training.storage_path);
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
    },
  );
  const kernels = options.kernels ?? await createKernels({ device });
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
      trainedAt: context.now(),
      kept,
      popularity,
      test,
    });
    await checkGate(recipe, header, context);
    const { users, items, matrix: seen } = interactions;
    const recommender = new Recommender({ model, users, items, seen, table });
    return {
      publication: await publish(recipe, header, recommender, context),
      header,
      leaderboard: leaderboard(found.trials, recipe.training.metric),
      evaluation: kept?.evaluation ?? found.best.evaluation!,
      popularity,
      test,
    };
  } finally {
    if (kernels !== options.kernels) kernels.close();
  }
}

/** A name for a run: 12 random hex digits. */
export function randomRunId(): string {
  return crypto.getRandomValues(new Uint8Array(6)).toHex();
}

async function searchModels(
  recipe: Recipe,
  interactions: Interactions,
  context: TrainContext & Pick<TrialSetting, "device">,
): Promise<
  { found: SearchResult; split: DataSplit; popularity: Measurement }
> {
  const { events, signal, runId, now } = context;
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
  using log = await openTrialLog(recipe, interactions.stats, {
    events,
    runId,
    now,
  });
  events.info("search_started", {
    algorithms: training.algorithms,
    n_trials: training.n_trials,
  });
  using pool = new TrialPool(trialSetting(split, training, context));
  const found = await search({
    algorithms: training.algorithms.map(algorithmByName),
    training,
    random: random.fork("search"),
    events,
    signal,
    log,
    run: (job, options) => pool.run(job, options),
    onTrial: (trial) => reportTrial(trial, recipe, context),
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

function trialSetting(
  { fit, heldOut }: SplitResult,
  { metric, cutoff, weights, split, parallelism }: Training,
  { device }: Pick<TrialSetting, "device">,
): TrialSetting {
  const share = Math.floor(navigator.hardwareConcurrency / parallelism);
  const threads = Math.max(1, share);
  const { seed } = split;
  return { fit, heldOut, metric, cutoff, weights, seed, threads, device };
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
  await prune(recipe, context);
  return publication;
}

/** Removes old versions if the recipe says so; what was published stays published when that fails. */
async function prune(
  { output }: Recipe,
  { store, signal, events, now }: TrainContext,
): Promise<void> {
  const { path, keep } = output;
  if (keep === null) return;
  try {
    const options = { keep, now: now(), signal };
    const removed = await pruneVersions(store, output, options);
    events.info("versions_pruned", { output: path, keep, removed });
  } catch (error) {
    const reason = describeFailure(error).text.trimEnd();
    events.warn("versions_not_pruned", { output: path, error: reason });
  }
}

async function readData(
  recipe: Recipe,
  { store, events, signal, maxDownloadBytes, note }: TrainContext,
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
  { events, verbosity, runId }: TrainContext,
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
