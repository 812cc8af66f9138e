/**
 * Tries algorithms and parameters, and tells which did best on held-out interactions.
 *
 * @module
 */
import type { Algorithm } from "../../algorithms/algorithm.ts";
import type { Events } from "../../core/config/events.ts";
import type { Random } from "../../core/kernels/random.ts";
import type { Training } from "../../core/recipe/recipe.ts";
import { bestTrial } from "./best_trial.ts";
import { allocateTrials } from "./budget.ts";
import { chooseStudy } from "./choose_study.ts";
import type { Params } from "./draw.ts";
import { Study } from "./study.ts";
import { timeLimit } from "./time_limit.ts";
import { countCompleted, type Trial } from "./trial.ts";
import type { TrialJob, TrialOutcome } from "./trial_job.ts";
import type { RunOptions } from "./trial_pool.ts";
import type { TrialLog } from "./trial_log.ts";

/** What a search works with. */
export interface SearchContext {
  readonly algorithms: readonly Algorithm[];
  readonly training: Training;
  /** Seeds the samplers. */
  readonly random: Random;
  readonly events: Events;
  readonly signal: AbortSignal;
  /** Runs a trial. */
  run(job: TrialJob, options: RunOptions): Promise<TrialOutcome>;
  /** Where trials are kept; those that it has are not run again. */
  readonly log: TrialLog;
  /** Called as each trial ends. */
  onTrial(trial: Trial): void;
}

/** What came of a search. */
export interface SearchResult {
  /** The one with the best score. */
  readonly best: Trial;
  /** All finished trials, in the order of their numbers. */
  readonly trials: readonly Trial[];
}

/**
 * Runs trials, `training.parallelism` at a time, until `training.n_trials` are done, nothing is worth another trial, or
 * `training.timeout_seconds` is over. A trial is chosen by what the trials before the `parallelism` latest ones came to,
 * be they done or not: with the same seed and parallelism, and without time limits, a search is the same every time.
 *
 * @throws {RecotemError} `no_active_algorithms`, `no_completed_trials` or `zero_score`.
 */
export async function search(context: SearchContext): Promise<SearchResult> {
  const { training, events, signal } = context;
  const studies = createStudies(context);
  const timeout = timeLimit(training.timeout_seconds);
  const stop = timeout ? AbortSignal.any([signal, timeout]) : signal;
  const trials: Trial[] = [];
  const running: Promise<Trial>[] = [];
  try {
    for (let number = 0; number < training.n_trials; number++) {
      const known = await running[number - training.parallelism];
      if (known) tellStudy(studies, known, training);
      const next = ask(studies, number, context);
      if (next === null) {
        events.info("search_settled", {
          n_trials: number,
          most_trials: training.n_trials,
        });
        break;
      }
      const ended = runOne(number, next, context, stop).then((trial) => {
        trials.push(trial);
        context.onTrial(trial);
        return trial;
      });
      // Awaited later, in the order of the trials.
      ended.catch(() => {});
      running.push(ended);
    }
    await Promise.all(running);
    events.info("tuning_complete", { n_completed: countCompleted(trials) });
  } catch (error) {
    await Promise.allSettled(running);
    signal.throwIfAborted();
    if (!timeout?.aborted) throw error;
    events.warn("tuning_aborted", {
      reason: `timeout_seconds, ${training.timeout_seconds} s, is over`,
      n_completed: countCompleted(trials),
    });
  }
  trials.sort((a, b) => a.number - b.number);
  return { best: bestTrial(trials, training, events), trials };
}

interface Asked {
  readonly study: Study;
  readonly params: Params;
  /** How it went in an earlier run. */
  readonly kept: TrialOutcome | null;
}

function createStudies(
  { algorithms, training, random }: SearchContext,
): readonly Study[] {
  const given = training.per_algorithm_trials;
  const budgets = allocateTrials(
    algorithms.map(({ name, space }) => ({
      name,
      searchable: Object.keys(space).length > 0,
    })),
    training.n_trials,
    given,
  );
  const free = given === null ||
    algorithms.every(({ name }) =>
      given[name] !== undefined && given[name] <= 0
    );
  const active = algorithms.filter(({ name }) => budgets.has(name));
  const share = Math.ceil(training.n_trials / active.length);
  return active.map((algorithm) => {
    const budget = free ? null : budgets.get(algorithm.name)!;
    return new Study(algorithm, budget, {
      seed: random.fork(algorithm.name).int(2 ** 32),
      trials: budget ?? share,
    });
  });
}

/** The next trial: one that an earlier run has kept, or a new one. */
function ask(
  studies: readonly Study[],
  number: number,
  { log, training }: SearchContext,
): Asked | null {
  const kept = log.get(number);
  const own = kept &&
    studies.find(({ algorithm }) => algorithm.name === kept.algorithm);
  if (own) return { study: own, params: own.ask(number, kept.params)!, kept };
  for (;;) {
    const states = studies.map(({ state }) => state);
    const chosen = chooseStudy(states, training.n_trials);
    if (chosen === null) return null;
    const study = studies[chosen]!;
    const params = study.ask(number, null);
    if (params !== null) return { study, params, kept: null };
  }
}

function tellStudy(
  studies: readonly Study[],
  trial: Trial,
  { metric }: Training,
): void {
  const { algorithm, number, params, state, evaluation, curve } = trial;
  studies.find((study) => study.algorithm === algorithm)!.tell({
    number,
    params,
    state,
    score: evaluation?.[metric] ?? null,
    curve,
  });
}

async function runOne(
  number: number,
  { study, params, kept }: Asked,
  { training, events, log, run }: SearchContext,
  signal: AbortSignal,
): Promise<Trial> {
  const { algorithm } = study;
  if (kept) return { ...kept, number, algorithm, params };
  const job = {
    number,
    algorithm: algorithm.name,
    params,
    hopelessBelow: study.hopelessBelow(),
  };
  const started = await log.begin(number, algorithm, params);
  const outcome = await run(job, {
    timeoutSeconds: training.per_trial_timeout_seconds,
    signal,
    warn: events.warn,
  });
  await started.end(outcome);
  if (outcome.error !== null) {
    events.warn("trial_learn_failed", {
      trial: number,
      algorithm: algorithm.name,
      error: outcome.error,
    });
  }
  return { number, algorithm, params, ...outcome };
}
