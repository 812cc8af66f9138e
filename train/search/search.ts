/**
 * Tries algorithms and parameters, and tells which did best on held-out interactions.
 *
 * @module
 */
import type { Algorithm } from "../../algorithms/algorithm.ts";
import type { Events } from "../../core/config/events.ts";
import { RecotemError } from "../../core/errors.ts";
import type { Kernels } from "../../core/kernels/kernels.ts";
import type { Random } from "../../core/kernels/random.ts";
import type { Training } from "../../core/recipe/recipe.ts";
import type { SplitResult } from "../split.ts";
import { allocateTrials } from "./budget.ts";
import { drawParams } from "./draw.ts";
import { MedianPruner } from "./median_pruner.ts";
import { runTrial } from "./run_trial.ts";
import { createSharedWork } from "./shared_work.ts";
import { timeLimit } from "./time_limit.ts";
import { countCompleted, type PlannedTrial, type Trial } from "./trial.ts";

/** What a search works with. */
export interface SearchContext {
  readonly split: SplitResult;
  readonly training: Training;
  readonly kernels: Kernels;
  /** Seeds the fits. */
  readonly random: Random;
  readonly events: Events;
  readonly signal: AbortSignal;
  /** Called as each trial ends. */
  onTrial(trial: Trial): void;
}

/** What came of a search. */
export interface SearchResult {
  readonly best: Trial;
  /** All finished trials, in the order of their numbers. */
  readonly trials: readonly Trial[];
}

/**
 * The trials of a search: budgets per algorithm, parameters drawn at random by the seed. The draws do not depend on how
 * many trials run at once. Algorithms take turns, so that a search cut short by its time limit has tried them all.
 *
 * @throws {RecotemError} `no_active_algorithms` when the budgets leave nothing to try.
 */
export function planTrials(
  algorithms: readonly Algorithm[],
  training: Training,
  random: Random,
): PlannedTrial[] {
  const budget = allocateTrials(
    algorithms.map(({ name, space }) => ({
      name,
      searchable: Object.keys(space).length > 0,
    })),
    training.n_trials,
    training.per_algorithm_trials,
  );
  const drawn = algorithms.map((algorithm) => ({
    algorithm,
    draws: random.fork(`draws of ${algorithm.name}`),
    left: budget.get(algorithm.name) ?? 0,
  }));
  const trials: PlannedTrial[] = [];
  while (drawn.some(({ left }) => left > 0)) {
    for (const turn of drawn) {
      if (turn.left-- <= 0) continue;
      trials.push({
        number: trials.length,
        algorithm: turn.algorithm,
        params: drawParams(turn.algorithm.space, turn.draws),
      });
    }
  }
  return trials;
}

/**
 * Runs the planned trials, `training.parallelism` at a time, until they are done or `training.timeout_seconds` is over.
 *
 * @throws {RecotemError} `no_completed_trials` when no trial has a score, `zero_score` when the best score is 0 (but for
 * the metric `hit`, where that is a warning).
 */
export async function search(
  planned: readonly PlannedTrial[],
  context: SearchContext,
): Promise<SearchResult> {
  const { training, events, signal } = context;
  const timeout = timeLimit(training.timeout_seconds);
  const stop = timeout ? AbortSignal.any([signal, timeout]) : signal;
  const trialContext = {
    ...context,
    shared: createSharedWork(),
    pruner: new MedianPruner(),
    warn: events.warn,
  };
  const trials: Trial[] = [];
  const queue = planned.values();
  async function work(): Promise<void> {
    for (const next of queue) {
      const trial = await runTrial(next, trialContext, stop);
      trials.push(trial);
      if (trial.error) {
        events.warn("trial_learn_failed", {
          trial: trial.number,
          algorithm: trial.algorithm.name,
          error: trial.error.message,
        });
      }
      context.onTrial(trial);
    }
  }
  const atOnce = Math.min(training.parallelism, planned.length);
  const workers = Array.from({ length: atOnce }, work);
  try {
    await Promise.all(workers);
    events.info("tuning_complete", { n_completed: countCompleted(trials) });
  } catch (error) {
    // None may use the split once the search is over.
    await Promise.allSettled(workers);
    if (!timeout?.aborted || signal.aborted) throw error;
    events.warn("tuning_aborted", {
      reason: `timeout_seconds, ${training.timeout_seconds} s, is over`,
      n_completed: countCompleted(trials),
    });
  }
  trials.sort((a, b) => a.number - b.number);
  return { best: bestTrial(trials, training, events), trials };
}

function bestTrial(
  trials: readonly Trial[],
  { metric, timeout_seconds }: Training,
  events: Events,
): Trial {
  let best: Trial | null = null;
  for (const trial of trials) {
    if (trial.evaluation === null) continue;
    if (!best || trial.evaluation[metric] > best.evaluation![metric]) {
      best = trial;
    }
  }
  if (best === null) {
    const error = trials.find((trial) => trial.error)?.error?.message;
    throw new RecotemError(
      "no_completed_trials",
      error === undefined
        ? `No trial ended within training.timeout_seconds, ${timeout_seconds} s; give it more time`
        : `None of ${trials.length} trials gave a score; the first failed with: ${error}`,
    );
  }
  if (best.evaluation![metric] === 0) {
    if (metric !== "hit") {
      throw new RecotemError(
        "zero_score",
        `The best ${metric} of ${trials.length} trials is 0: no held-out interaction was found; use more data, a larger cutoff or another split`,
      );
    }
    events.warn("zero_score_hit_metric", {
      n_completed: countCompleted(trials),
    });
  }
  return best;
}
