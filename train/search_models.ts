import { algorithmByName } from "../algorithms/mod.ts";
import { shapeOf } from "../algorithms/shape_of.ts";
import { createRandom } from "../core/kernels/create_random.ts";
import type { Recipe, Training } from "../core/recipe/recipe.ts";
import type { Interactions } from "./data/interactions.ts";
import { leaderboard } from "./leaderboard.ts";
import type { Measurement } from "./measurement.ts";
import { scorePopularity } from "./score_popularity.ts";
import { openTrialLog } from "./search/open_trial_log.ts";
import { MOST_TRIAL_BYTES, runWithin } from "./search/run_within.ts";
import { search, type SearchResult } from "./search/search.ts";
import { searchPlan } from "./search/search_plan.ts";
import { shareThreads } from "./search/share_threads.ts";
import {
  className,
  countCompleted,
  learntParams,
  type Trial,
} from "./search/trial.ts";
import { type PoolSetting, TrialPool } from "./search/trial_pool.ts";
import {
  type DataSplit,
  splitInteractions,
  type SplitResult,
} from "./split.ts";
import type { SearchContext } from "./train_options.ts";

/** Splits the interactions and searches for the best model of a recipe's algorithms. */
export async function searchModels(
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
  await using pool = new TrialPool(poolSetting(split, training, context));
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
