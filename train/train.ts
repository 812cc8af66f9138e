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
import { type Events, SILENT } from "../core/config/events.ts";
import { VARIABLES } from "../core/config/variables.ts";
import { RecotemError } from "../core/errors.ts";
import { createKernels } from "../core/kernels/create_kernels.ts";
import { createRandom } from "../core/kernels/create_random.ts";
import type { Kernels } from "../core/kernels/kernels.ts";
import { Recommender } from "../core/models/recommender.ts";
import { recipeHash } from "../core/recipe/recipe_hash.ts";
import type { Recipe } from "../core/recipe/recipe.ts";
import { createStore } from "../core/storage/create_store.ts";
import type { Store } from "../core/storage/store.ts";
import { artifactHeader } from "./artifact_header.ts";
import { chooseWeights } from "./choose_weights.ts";
import { compressModel } from "./compress_model.ts";
import { createDataSource } from "./data/create_data_source.ts";
import type { Interactions } from "./data/interactions.ts";
import { readInteractions } from "./data/read_interactions.ts";
import { readItemTable } from "./data/read_item_table.ts";
import { leaderboard, type LeaderboardRow } from "./leaderboard.ts";
import { refit } from "./refit.ts";
import { planTrials, search } from "./search/search.ts";
import { className, learntParams, type Trial } from "./search/trial.ts";
import { splitInteractions } from "./split.ts";

/** Options of {@linkcode train}. */
export interface TrainOptions extends Partial<ArtifactCaps> {
  /** The first key signs the artifact. */
  readonly keys: KeyRing;
  /** Where sources are and the artifact goes; default: local files. */
  readonly store?: Store;
  /** Default: WebAssembly on a worker for each processor, ended after training. */
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

type TrainContext = Required<TrainOptions>;

/** What came of training. */
export interface TrainResult {
  /** Where the artifact is. */
  readonly publication: Publication;
  /** What the artifact says of itself. */
  readonly header: HeaderFields;
  /** How each algorithm did, best first. */
  readonly leaderboard: readonly LeaderboardRow[];
}

/**
 * Trains the model of a recipe and publishes it. Nothing is published unless all went well.
 *
 * Needs read permission for the sources and the kernels' modules, read and write permission for the output folder.
 * Takes no lock: two runs for one output at a time are safe, and the later one stays.
 *
 * @throws {RecotemError} Exit code 3 or 7 for the data, 4 for training, 5 for the artifact.
 */
export async function train(
  recipe: Recipe,
  options: TrainOptions,
): Promise<TrainResult> {
  const kernels = options.kernels ?? await createKernels();
  try {
    return await trainWith(recipe, {
      store: createStore(),
      events: SILENT,
      signal: new AbortController().signal,
      maxArtifactBytes: VARIABLES.RECOTEM_MAX_ARTIFACT_BYTES.default,
      maxPayloadBytes: VARIABLES.RECOTEM_MAX_PAYLOAD_BYTES.default,
      maxDownloadBytes: VARIABLES.RECOTEM_MAX_DOWNLOAD_BYTES.default,
      artifactRoot: null,
      runId: randomRunId(),
      verbosity: "normal",
      now: () => new Date(),
      note() {},
      ...options,
      kernels,
    });
  } finally {
    if (kernels !== options.kernels) kernels.close();
  }
}

/** A name for a run: 12 random hex digits. */
export function randomRunId(): string {
  return crypto.getRandomValues(new Uint8Array(6)).toHex();
}

async function trainWith(
  recipe: Recipe,
  context: TrainContext,
): Promise<TrainResult> {
  const { events, kernels, keys, signal } = context;
  const { training } = recipe;
  refuseStoredStudy(training.storage_path);
  planPublication(recipe.output, "0".repeat(64));
  const algorithms = training.algorithms.map(algorithmByName);
  const random = createRandom(training.split.seed);
  const planned = planTrials(algorithms, training, random.fork("search"));
  const hash = await recipeHash(recipe);
  context.note({ recipe_hash: hash });
  events.info("training_started", {
    name: recipe.name,
    run_id: context.runId,
    recipe_hash: hash,
  });

  const { interactions, table } = await readData(recipe, context);
  events.info("splitting_data", { scheme: training.split.scheme });
  const split = splitInteractions(
    interactions,
    training.split,
    random.fork("split"),
  );
  events.info("split_done", {
    n_fit: split.fit.indices.length,
    n_held_out: split.heldOut.indices.length,
  });

  events.info("search_started", {
    algorithms: training.algorithms,
    n_trials: planned.length,
  });
  const fits = random.fork("fits");
  const fit = kernels.share(split.fit);
  const found = await search(planned, {
    split: { ...split, fit },
    training,
    kernels,
    random: fits,
    events,
    signal,
    onTrial: (trial) => reportTrial(trial, recipe, context),
  }).finally(() => kernels.release(fit));
  const { best, trials } = found;
  const rows = leaderboard(trials, training.metric);
  events.info("search_done", {
    best_class: className(best),
    best_score: best.evaluation![training.metric],
    n_completed: trials.filter(({ state }) => state === "complete").length,
    leaderboard: rows,
  });

  const kept = best.algorithm.weights
    ? await chooseWeights(best, split, training, {
      kernels,
      events,
      signal,
      random: fits,
    })
    : null;
  const refitted = await refit(best, interactions.matrix, {
    kernels,
    events,
    signal,
    random: fits,
  });
  const model = kept ? compressModel(refitted, kept.format) : refitted;
  const header = artifactHeader(recipe, found, interactions.stats, {
    recipeHash: hash,
    engine: kernels.engine,
    modelKind: model.kind,
    trainedAt: context.now(),
    kept,
  });
  const parts = encodeArtifact(
    header,
    new Recommender({
      model,
      users: interactions.users,
      items: interactions.items,
      seen: interactions.matrix,
      table,
    }).tensors(),
    keys,
  );
  signal.throwIfAborted();
  const publication = await publishArtifact(
    context.store,
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
  return { publication, header, leaderboard: rows };
}

function refuseStoredStudy(storagePath: string): void {
  if (storagePath === "") return;
  const problem = /^[a-z+]+:\/\/[^/]*@/i.test(storagePath)
    ? "must not hold a user or password"
    : "names a stored study, which this version cannot keep; leave it empty";
  throw new RecotemError(
    "search_error",
    `Key training.storage_path ${problem}`,
  );
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
    await readItemTable(recipe.item_metadata, interactions.items, dependencies);
  return { interactions, table };
}

function reportTrial(
  trial: Trial,
  recipe: Recipe,
  { events, verbosity, runId }: TrainContext,
): void {
  if (verbosity === "quiet") return;
  events.info("trial_done", {
    trial: trial.number,
    score: trial.evaluation?.[recipe.training.metric] ?? null,
    algorithm: trial.algorithm.name,
    state: trial.state,
    seconds: trial.seconds,
    recipe: recipe.name,
    run_id: runId,
    ...(verbosity === "verbose" && { params: learntParams(trial) }),
  });
}
