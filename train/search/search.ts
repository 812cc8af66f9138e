/**
 * Tries algorithms and parameters, and tells which did best on held-out interactions.
 *
 * @module
 */
import type { Algorithm } from "../../algorithms/algorithm.ts";
import type { Events } from "../../core/config/events.ts";
import type { Random } from "../../core/kernels/random.ts";
import type { Training } from "../../core/recipe/recipe.ts";
import { delay } from "../../core/std/async.ts";
import { bestTrial } from "./best_trial.ts";
import { allocateTrials } from "./budget.ts";
import { chooseStudy } from "./choose_study.ts";
import { Study } from "./study.ts";
import { timeLimit } from "./time_limit.ts";
import { countCompleted, type Trial } from "./trial.ts";
import type { TrialJob, TrialOutcome } from "./trial_job.ts";
import type { TakenTrial, TrialChoice, TrialLog } from "./trial_log.ts";
import type { RunOptions } from "./trial_pool.ts";

/** Between looks at a trial that another process runs. */
const POLL_MILLISECONDS = 1000;

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
  const elsewhere = new Map<number, TrialChoice>();
  function note(trial: Trial): Trial {
    trials.push(trial);
    context.onTrial(trial);
    return trial;
  }
  function noteElsewhere(trial: Trial): void {
    elsewhere.delete(trial.number);
    tellStudy(studies, note(trial), training);
  }
  async function settleElsewhere(): Promise<void> {
    for (const [number, choice] of elsewhere) {
      noteElsewhere(await settle(number, choice, context, stop));
    }
  }
  try {
    for (let number = 0; number < training.n_trials;) {
      const known = await running[running.length - training.parallelism];
      if (known) tellStudy(studies, known, training);
      stop.throwIfAborted();
      const taken = await take(studies, number, context, () => {
        endedElsewhere(elsewhere, context).forEach(noteElsewhere);
      });
      if (taken === null && elsewhere.size > 0) {
        // What they come to may make another trial worth it.
        await settleElsewhere();
        continue;
      }
      if (taken === null) {
        events.info("search_settled", {
          n_trials: number,
          most_trials: training.n_trials,
        });
        break;
      }
      if (taken.type === "elsewhere") elsewhere.set(number, taken);
      else {
        const limits = studyOf(studies, taken.algorithm.name)!.hopelessBelow();
        const ended = runOne(number, taken, limits, context, stop).then(note);
        // Awaited later, in the order of the trials.
        ended.catch(() => {});
        running.push(ended);
      }
      number++;
    }
    await Promise.all(running);
    await settleElsewhere();
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

/** Takes the next trial: one that the log has, or a new one; `before` is called before that is chosen. */
async function take(
  studies: readonly Study[],
  number: number,
  { log, training }: SearchContext,
  before: () => void,
): Promise<TakenTrial | null> {
  let chosen: TrialChoice | null = null;
  const taken = await log.take(number, {
    algorithm: (name) => studyOf(studies, name)?.algorithm ?? null,
    choose() {
      before();
      return chosen = choose(studies, number, training);
    },
  });
  if (taken === null) return null;
  if (taken.params !== (chosen as TrialChoice | null)?.params) {
    studyOf(studies, taken.algorithm.name)!.ask(number, taken.params);
  }
  return taken;
}

/** A new trial, or null when none is worth it. */
function choose(
  studies: readonly Study[],
  number: number,
  { n_trials }: Training,
): TrialChoice | null {
  for (;;) {
    const chosen = chooseStudy(studies.map(({ state }) => state), n_trials);
    if (chosen === null) return null;
    const study = studies[chosen]!;
    const params = study.ask(number, null);
    if (params !== null) return { algorithm: study.algorithm, params };
  }
}

/** What has ended meanwhile of the trials that other processes run. */
function endedElsewhere(
  elsewhere: ReadonlyMap<number, TrialChoice>,
  { log }: SearchContext,
): Trial[] {
  return [...elsewhere].flatMap(([number, choice]) => {
    const ended = log.get(number);
    return ended ? [{ ...ended, ...choice, number }] : [];
  });
}

/** Waits for the end of a trial that another process runs, or runs it when that process is gone. */
async function settle(
  number: number,
  choice: TrialChoice,
  context: SearchContext,
  signal: AbortSignal,
): Promise<Trial> {
  for (;;) {
    signal.throwIfAborted();
    const taken = await context.log.take(number, {
      algorithm: () => choice.algorithm,
      choose: () => choice,
    });
    if (taken!.type !== "elsewhere") {
      // With trials of other processes the course of a search is not the same each time: any limit will do.
      return await runOne(number, taken!, new Map(), context, signal);
    }
    await delay(POLL_MILLISECONDS, { signal });
  }
}

function studyOf(studies: readonly Study[], name: string): Study | undefined {
  return studies.find(({ algorithm }) => algorithm.name === name);
}

function tellStudy(
  studies: readonly Study[],
  trial: Trial,
  { metric }: Training,
): void {
  const { algorithm, number, params, state, evaluation, curve } = trial;
  studyOf(studies, algorithm.name)!.tell({
    number,
    params,
    state,
    score: evaluation?.[metric] ?? null,
    curve,
  });
}

async function runOne(
  number: number,
  taken: Exclude<TakenTrial, { type: "elsewhere" }>,
  hopelessBelow: TrialJob["hopelessBelow"],
  { training, events, run }: SearchContext,
  signal: AbortSignal,
): Promise<Trial> {
  const { algorithm, params } = taken;
  if (taken.type === "ended") {
    return { ...taken.outcome, number, algorithm, params };
  }
  const job = {
    number,
    algorithm: algorithm.name,
    params,
    hopelessBelow,
  };
  const outcome = await run(job, {
    timeoutSeconds: training.per_trial_timeout_seconds,
    signal,
    warn: events.warn,
  });
  await taken.end(outcome);
  if (outcome.error !== null) {
    events.warn("trial_learn_failed", {
      trial: number,
      algorithm: algorithm.name,
      error: outcome.error,
    });
  }
  return { number, algorithm, params, ...outcome };
}
