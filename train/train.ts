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
import type { Algorithm } from "../algorithms/algorithm.ts";
import type { Events } from "../core/config/events.ts";
import { VERSION } from "../core/config/version.ts";
import { RecotemError } from "../core/errors.ts";
import { createRandom } from "../core/kernels/create_random.ts";
import type { Kernels } from "../core/kernels/kernels.ts";
import type { Random } from "../core/kernels/random.ts";
import type { Model } from "../core/models/model.ts";
import { Recommender } from "../core/models/recommender.ts";
import { recipeHash } from "../core/recipe/recipe_hash.ts";
import type { Recipe } from "../core/recipe/recipe.ts";
import type { Store } from "../core/storage/store.ts";
import { createDataSource } from "./data/create_data_source.ts";
import type { Interactions } from "./data/interactions.ts";
import { readInteractions } from "./data/read_interactions.ts";
import { readItemTable } from "./data/read_item_table.ts";
import { leaderboard, type LeaderboardRow } from "./leaderboard.ts";
import type { Params } from "./search/draw.ts";
import { planTrials, search, type SearchResult } from "./search/search.ts";
import { createSharedWork } from "./search/shared_work.ts";
import type { Trial } from "./search/trial.ts";
import { splitInteractions } from "./split.ts";

/** What training works with. */
export interface TrainContext extends ArtifactCaps {
  /** The first key signs the artifact. */
  readonly keys: KeyRing;
  readonly store: Store;
  readonly kernels: Kernels;
  readonly events: Events;
  readonly signal: AbortSignal;
  /** Cap on the raw bytes of one source. */
  readonly maxDownloadBytes: number;
  /** Folder that local outputs must lie in; null for no such rule. */
  readonly artifactRoot: string | null;
  /** Name of this run in events. */
  readonly runId: string;
  /** Which trials are told of: none, all, or all with their parameters. */
  readonly verbosity: "quiet" | "normal" | "verbose";
  /** The time now. */
  now(): Date;
  /** Called as facts become known, for the report of a run that fails later. */
  note?(facts: Readonly<Record<string, unknown>>): void;
}

/** What came of training. */
export interface TrainResult {
  /** Where the artifact is. */
  readonly publication: Publication;
  /** What the artifact says of itself. */
  readonly header: HeaderFields;
  readonly leaderboard: readonly LeaderboardRow[];
}

/**
 * Trains the model of a recipe and publishes it. Nothing is published unless all went well.
 *
 * @throws {RecotemError} Exit code 3 or 7 for the data, 4 for training, 5 for the artifact.
 */
export async function train(
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
  context.note?.({ recipe_hash: hash });
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
  const fit = kernels.share(split.fit);
  const found = await search(planned, {
    split: { ...split, fit },
    training,
    kernels,
    random,
    events,
    signal,
    onTrial: (trial) => reportTrial(trial, recipe, context),
  }).finally(() => kernels.release(fit));
  const { best, trials } = found;
  const rows = leaderboard(trials, training.metric);
  events.info("search_done", {
    best_class: bestClass(best),
    best_score: best.evaluation![training.metric],
    n_completed: completed(found),
    leaderboard: rows,
  });

  const model = await refit(best, interactions, random, context);
  const header = describe(recipe, hash, found, interactions, model, context);
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
  note?.({ n_rows: rows, n_users: users, n_items: items });
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

/** Learns the best trial's model again, on all rows. */
async function refit(
  best: Trial,
  { matrix }: Interactions,
  random: Random,
  { kernels, events, signal }: TrainContext,
): Promise<Model> {
  events.info("training_final_model", { recommender: bestClass(best) });
  try {
    const model = await best.algorithm.fit(
      matrix,
      best.algorithm.params.parse(learntParams(best)),
      {
        kernels,
        random: random.fork("fits").fork(best.algorithm.name),
        signal,
        shared: createSharedWork(),
        warn: events.warn,
      },
    );
    events.info("final_model_trained", { recommender: bestClass(best) });
    return model;
  } catch (cause) {
    signal.throwIfAborted();
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new RecotemError(
      "final_training_error",
      `Training the final ${best.algorithm.name} model failed: ${problem}`,
      { cause },
    );
  }
}

function describe(
  recipe: Recipe,
  hash: string,
  found: SearchResult,
  { stats }: Interactions,
  model: Model,
  { kernels, now }: TrainContext,
): HeaderFields {
  const { best, trials } = found;
  const { metric, cutoff, split } = recipe.training;
  return {
    recipe_name: recipe.name,
    recipe_hash: hash,
    recotem_version: VERSION,
    engine: kernels.engine,
    model_kind: model.kind,
    trained_at: `${now().toISOString().slice(0, 19)}Z`,
    best_class: bestClass(best),
    best_params: learntParams(best),
    best_score: best.evaluation![metric],
    metric,
    cutoff,
    tuning: {
      tried_algorithms: [
        ...new Set(trials.map((trial) => trial.algorithm.name)),
      ],
      n_trials: trials.length,
      n_completed: completed(found),
      n_orphaned: 0,
      best_trial_number: best.number,
      search_seed: split.seed,
    },
    data_stats: {
      n_rows: stats.rows,
      n_users: stats.users,
      n_items: stats.items,
      drop_count: stats.dropped,
      dedup_policy: recipe.cleansing.dedup,
    },
  };
}

function bestClass({ algorithm }: { algorithm: Algorithm }): string {
  return `${algorithm.name}Recommender`;
}

/** What was drawn, and the number of epochs that the trial found best. */
function learntParams({ algorithm, params, epochs }: Trial): Params {
  return {
    ...params,
    ...(algorithm.epochs && epochs !== null && { [algorithm.epochs]: epochs }),
  };
}

function completed({ trials }: SearchResult): number {
  return trials.filter(({ state }) => state === "complete").length;
}
