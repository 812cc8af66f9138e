/**
 * Training, the whole way: data, split, search, refit, artifact.
 *
 * @module
 */
import { encodeArtifact } from "../artifact/encode_artifact.ts";
import type { HeaderFields } from "../artifact/header.ts";
import { planPublication } from "../artifact/plan_publication.ts";
import {
  type Publication,
  publishArtifact,
} from "../artifact/publish_artifact.ts";
import { createKernels } from "../core/kernels/create_kernels.ts";
import { createRandom } from "../core/kernels/create_random.ts";
import { Recommender } from "../core/models/recommender.ts";
import { recipeHash } from "../core/recipe/recipe_hash.ts";
import type { Recipe } from "../core/recipe/recipe.ts";
import { artifactHeader } from "./artifact_header.ts";
import { checkGate } from "./check_gate.ts";
import { chooseDevice } from "./choose_device.ts";
import { chooseWeights } from "./choose_weights.ts";
import { compressModel } from "./compress_model.ts";
import { keepVersions } from "./keep_versions.ts";
import { leaderboard, type LeaderboardRow } from "./leaderboard.ts";
import type { Measurement } from "./measurement.ts";
import { readData } from "./read_data.ts";
import { refit } from "./refit.ts";
import { type ReportFiles, writeReport } from "./report/write_report.ts";
import { probeStorage } from "./search/probe_storage.ts";
import { searchModels } from "./search_models.ts";
import { settledParams } from "./settled_params.ts";
import { type TestScore, testScore } from "./test_score.ts";
import {
  contextOf,
  type TrainContext,
  type TrainOptions,
} from "./train_options.ts";

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
  await probeStorage(recipe.training.storage_path, {
    credentials: context.storageCredentials,
    make: true,
  });
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
