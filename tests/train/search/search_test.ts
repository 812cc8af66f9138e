import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Algorithm } from "../../../algorithms/algorithm.ts";
import { algorithmByName } from "../../../algorithms/mod.ts";
import { createRandom } from "../../../core/kernels/create_random.ts";
import { createReferenceKernels } from "../../../core/kernels/create_reference_kernels.ts";
import type { Training } from "../../../core/recipe/recipe.ts";
import { RecotemError } from "../../../core/errors.ts";
import {
  search,
  type SearchContext,
  type SearchResult,
} from "../../../train/search/search.ts";
import type { Trial } from "../../../train/search/trial.ts";
import { runTrial } from "../../../train/search/run_trial.ts";
import { createSharedWork } from "../../../train/search/shared_work.ts";
import { NO_LOG } from "../../../train/search/trial_log.ts";
import { splitInteractions, type SplitResult } from "../../../train/split.ts";
import { recordEvents } from "../../core/record_events.ts";
import { randomCsr } from "../../core/kernels/matrices.ts";
import { scored, SPLIT, timed, training } from "../fixture.ts";
import { algorithm, ONE_USER, placing, untilStopped } from "./fixture.ts";

/** Searches with one trial of each learner, or more by `n_trials`; tells what was seen on the way. */
async function run(
  learners: readonly Algorithm[],
  options: Partial<Training> = {},
  context: Partial<SearchContext> & { readonly split?: SplitResult } = {},
) {
  const settings = training({
    metric: "map",
    cutoff: 64,
    n_trials: learners.length,
    ...options,
  });
  const events = recordEvents();
  const told: Trial[] = [];
  const { split = ONE_USER, ...others } = context;
  const result = search({
    algorithms: learners,
    training: settings,
    random: createRandom(1),
    events,
    signal: new AbortController().signal,
    log: NO_LOG,
    run: (job, { signal, warn }) =>
      runTrial(learners.find(({ name }) => name === job.algorithm)!, job, {
        ...split,
        watched: split.heldOut,
        metric: settings.metric,
        cutoff: settings.cutoff,
        weights: settings.weights,
        kernels: createReferenceKernels(),
        shared: createSharedWork(),
        random: createRandom(2),
        signal,
        warn,
        progress() {},
      }),
    onTrial: (trial) => told.push(trial),
    ...others,
  });
  return {
    events: events.seen,
    told,
    result: await result.then((found) => found, (error: Error) => error),
  };
}

/** The result of a search that must not fail. */
function found(result: SearchResult | Error): SearchResult {
  if (result instanceof Error) throw result;
  return result;
}

/** The refusal that a search must end with. */
function refused(result: SearchResult | Error): RecotemError {
  if (!(result instanceof RecotemError)) {
    throw new Error(`Ended with ${result}`);
  }
  assertEquals(result.exitCode, 4);
  return result;
}

function named(name: string, place: number): Algorithm {
  return algorithm({ name, fit: () => Promise.resolve(placing(place)) });
}

function failing(name: string, message: string): Algorithm {
  return algorithm({ name, fit: () => Promise.reject(new Error(message)) });
}

function hanging(name: string): Algorithm {
  return algorithm({
    name,
    fit: (_matrix, _params, { signal }) => untilStopped(signal),
  });
}

const REAL = ["CosineKNN", "TopPop", "IALS", "RP3beta"].map(algorithmByName);

Deno.test("search() gives each algorithm the trials that the recipe gives it, in turns", async () => {
  const learners = REAL.map(({ name, space }) =>
    algorithm({ name, space, fit: () => Promise.resolve(placing(2)) })
  );
  const { told } = await run(learners, {
    n_trials: 6,
    per_algorithm_trials: { CosineKNN: 3, IALS: 2, RP3beta: 0 },
  });
  assertEquals(told.map(({ number, algorithm }) => [number, algorithm.name]), [
    [0, "CosineKNN"],
    [1, "TopPop"],
    [2, "IALS"],
    [3, "CosineKNN"],
    [4, "IALS"],
    [5, "CosineKNN"],
  ]);
});

Deno.test("search() spends most trials on the algorithm that does best, and one on what has nothing to search", async () => {
  const space = {
    x: { type: "float", low: 0, high: 1 },
    y: { type: "float", low: 0, high: 1 },
  } as const;
  const at = (name: string, place: number, own: Algorithm["space"] = space) =>
    algorithm({ name, space: own, fit: () => Promise.resolve(placing(place)) });
  const { told } = await run([
    at("Poor", 9),
    at("Good", 2),
    at("Fair", 4),
    at("Fixed", 12, {}),
  ], { n_trials: 60 });
  const count = (name: string) =>
    told.filter(({ algorithm }) => algorithm.name === name).length;
  assertEquals(count("Fixed"), 1);
  assertEquals(count("Poor"), 8);
  assert(count("Good") > 30, `${count("Good")}`);
  assertEquals(told.length, 60);
});

Deno.test("search() draws the same from the same seed, and other values from another", async () => {
  const learners = REAL.map(({ name, space }) =>
    algorithm({ name, space, fit: () => Promise.resolve(placing(2)) })
  );
  const drawn = async (seed: number) => {
    const { told } = await run(learners, { n_trials: 12 }, {
      random: createRandom(seed),
    });
    return told.map(({ algorithm, params }) => [algorithm.name, params]);
  };
  assertEquals(await drawn(1), await drawn(1));
  assert(JSON.stringify(await drawn(1)) !== JSON.stringify(await drawn(2)));
});

Deno.test("search() finds the same each time, three trials running at once", async () => {
  const matrix = randomCsr(createRandom(7), 24, 16, 0.5, () => 1);
  const split = splitInteractions(
    { ...timed([[1]]), matrix, times: null },
    SPLIT,
    createRandom(3),
  );
  const results = [];
  for (let time = 0; time < 2; time++) {
    const { result } = await run(REAL, {
      n_trials: 14,
      cutoff: 5,
      parallelism: 3,
    }, { split });
    results.push(
      found(result).trials.map((
        { number, algorithm, params, state, evaluation, epochs },
      ) => [number, algorithm.name, params, state, evaluation, epochs]),
    );
  }
  assertEquals(results[0]!.length, 14);
  assertEquals(results[1], results[0]);
});

Deno.test("search() finds the best trial, of equally good ones the first by number", async () => {
  const { result } = await run([
    named("A", 3),
    named("B", 2),
    named("C", 2),
    named("D", 4),
  ]);
  const { best, trials } = found(result);
  assertEquals(best.algorithm.name, "B");
  assertEquals(trials.map(({ number }) => number), [0, 1, 2, 3]);
});

Deno.test("search() numbers trials as planned, though they end in another order", async () => {
  const first = Promise.withResolvers<void>();
  const slow = algorithm({
    name: "Slow",
    async fit() {
      await first.promise;
      return placing(2);
    },
  });
  const quick = algorithm({
    name: "Quick",
    fit() {
      first.resolve();
      return Promise.resolve(placing(2));
    },
  });
  const { result, told } = await run([slow, quick], { parallelism: 2 });
  assertEquals(told.map(({ number }) => number), [1, 0]);
  const { best, trials } = found(result);
  assertEquals(trials.map(({ number }) => number), [0, 1]);
  assertEquals(best.number, 0);
});

Deno.test("search() runs no more trials at once than parallelism says", async () => {
  let running = 0;
  let most = 0;
  const learner = algorithm({
    space: { x: { type: "float", low: 0, high: 1 } },
    async fit() {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running--;
      return placing(1);
    },
  });
  await run([learner], { n_trials: 9, parallelism: 3 });
  assertEquals(most, 3);
});

Deno.test("search() takes a parallelism far above the number of trials", async () => {
  const { result } = await run([named("A", 1)], { parallelism: 2 ** 31 });
  assertEquals(found(result).trials.length, 1);
});

Deno.test("search() marks a trial that fails, tells of it and goes on", async () => {
  const { result, events, told } = await run([
    failing("Broken", "out of memory"),
    named("Whole", 2),
  ]);
  const { best, trials } = found(result);
  assertEquals(best.algorithm.name, "Whole");
  assertEquals(trials.map(({ state }) => state), ["failed", "complete"]);
  assertEquals(told.map(({ number }) => number), [0, 1]);
  assertEquals(events, [
    ["warn", "trial_learn_failed", {
      trial: 0,
      algorithm: "Broken",
      error: "out of memory",
    }],
    ["info", "tuning_complete", { n_completed: 1 }],
  ]);
});

Deno.test("search() refuses when no trial has a score, with the first failure", async () => {
  const { result } = await run([failing("A", "first"), failing("B", "second")]);
  const error = refused(result);
  assertEquals(error.code, "no_completed_trials");
  assertEquals(
    error.message,
    "None of 2 trials gave a score; the first failed with: first",
  );
});

Deno.test("search() ends at timeout_seconds with what it has", async () => {
  const { result, events, told } = await run(
    [named("Quick", 2), hanging("Endless"), named("Never", 1)],
    { timeout_seconds: 0.02 },
  );
  const { best, trials } = found(result);
  assertEquals([best.algorithm.name, trials.length], ["Quick", 1]);
  assertEquals(told.length, 1);
  assertEquals(events, [["warn", "tuning_aborted", {
    reason: "timeout_seconds, 0.02 s, is over",
    n_completed: 1,
  }]]);
});

Deno.test("search() refuses when no trial ended within timeout_seconds", async () => {
  const { result } = await run([hanging("Endless")], { timeout_seconds: 0.01 });
  const error = refused(result);
  assertEquals(error.code, "no_completed_trials");
  assert(error.message.includes("timeout_seconds, 0.01 s"), error.message);
});

Deno.test("search() is over only when all its trials are, so that none uses the split any more", async () => {
  let running = 0;
  const reluctant = algorithm({
    space: { x: { type: "float", low: 0, high: 1 } },
    async fit(_matrix, _params, { signal }) {
      const wait = 5 * ++running;
      await untilStopped(signal).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, wait));
      running--;
      throw signal.reason;
    },
  });
  await run([named("Quick", 1), reluctant], {
    n_trials: 5,
    parallelism: 4,
    timeout_seconds: 0.01,
  });
  assertEquals(running, 0);
});

Deno.test("search() ends with the reason of its signal, and no other", async () => {
  const stop = new AbortController();
  const learner = algorithm({
    fit(_matrix, _params, { signal }) {
      stop.abort(new Error("SIGTERM"));
      return untilStopped(signal);
    },
  });
  const { result, events } = await run([named("A", 1), learner], {
    timeout_seconds: 1000,
  }, { signal: stop.signal });
  await assertRejects(() => Promise.reject(result), Error, "SIGTERM");
  assertEquals(events, []);
});

Deno.test("search() ends with the reason of its signal, though its time is over too", async () => {
  const stop = new AbortController();
  const learner = algorithm({
    async fit(_matrix, _params, { signal }) {
      await untilStopped(signal).catch(() => {});
      stop.abort(new Error("SIGTERM"));
      throw signal.reason;
    },
  });
  const { result } = await run([named("A", 1), learner], {
    timeout_seconds: 0.01,
  }, { signal: stop.signal });
  await assertRejects(() => Promise.reject(result), Error, "SIGTERM");
});

Deno.test("search() does not run again what the log has, and keeps in it what it runs", async () => {
  const kept = {
    state: "complete",
    evaluation: scored(0.5),
    epochs: null,
    curve: new Map(),
    seconds: 9,
    error: null,
  } as const;
  const begun: number[] = [];
  const ended: (number | undefined)[] = [];
  const learner = algorithm({
    name: "A",
    space: { x: { type: "float", low: 0, high: 1 } },
    fit: () => Promise.resolve(placing(4)),
  });
  const { result } = await run([learner], { n_trials: 3 }, {
    log: {
      ...NO_LOG,
      take(number, options) {
        if (number === 1) {
          const params = { x: 0.5 };
          return Promise.resolve(
            { type: "ended", algorithm: learner, params, outcome: kept },
          );
        }
        begun.push(number);
        return Promise.resolve({
          type: "own",
          ...options.choose()!,
          end(outcome) {
            ended.push(outcome.evaluation?.map);
            return Promise.resolve();
          },
        });
      },
    },
  });
  const { best, trials } = found(result);
  assertEquals([best.number, best.seconds], [1, 9]);
  assertEquals(trials.map(({ evaluation }) => evaluation?.map), [
    0.25,
    0.5,
    0.25,
  ]);
  assertEquals([begun, ended], [[0, 2], [0.25, 0.25]]);
});

Deno.test("search() ends with what its caller throws", async () => {
  const { result } = await run([named("A", 1)], {}, {
    onTrial() {
      throw new Error("the report failed");
    },
  });
  await assertRejects(() => Promise.reject(result), Error, "report failed");
});

for (const metric of ["ndcg", "map", "recall"] as const) {
  Deno.test(`search() refuses a best ${metric} of 0`, async () => {
    const { result } = await run([named("A", 2), named("B", 3)], {
      metric,
      cutoff: 1,
    });
    const error = refused(result);
    assertEquals(error.code, "zero_score");
    assert(error.message.startsWith(`The best ${metric} of 2 trials is 0`));
  });
}

Deno.test("search() warns of a best hit of 0 and goes on", async () => {
  const { result, events } = await run([named("A", 2)], {
    metric: "hit",
    cutoff: 1,
  });
  assertEquals(found(result).best.evaluation?.hit, 0);
  assertEquals(events.at(-1), [
    "warn",
    "zero_score_hit_metric",
    { n_completed: 1 },
  ]);
});
