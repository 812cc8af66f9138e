import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Algorithm } from "../../../algorithms/algorithm.ts";
import { createRandom } from "../../../core/kernels/create_random.ts";
import { createReferenceKernels } from "../../../core/kernels/create_reference_kernels.ts";
import type { Random } from "../../../core/kernels/random.ts";
import {
  runTrial,
  type TrialContext,
} from "../../../train/search/run_trial.ts";
import { createSharedWork } from "../../../train/search/shared_work.ts";
import type {
  TrialJob,
  TrialOutcome,
  TrialProgress,
} from "../../../train/search/trial_job.ts";
import { fromDense } from "../../core/kernels/matrices.ts";
import {
  algorithm,
  EPOCHS,
  ONE_USER,
  placing,
  untilStopped,
} from "./fixture.ts";

interface Run {
  readonly cutoff?: number;
  readonly hopelessBelow?: ReadonlyMap<number, number>;
  readonly signal?: AbortSignal;
  readonly params?: TrialJob["params"];
  readonly random?: Random;
  readonly data?: Pick<TrialContext, "fit" | "heldOut" | "watched">;
  warn?(event: string): void;
  progress?(progress: TrialProgress): void;
}

function run(learner: Algorithm, {
  cutoff = 64,
  hopelessBelow = new Map(),
  signal = new AbortController().signal,
  params = {},
  random = createRandom(1),
  data = { ...ONE_USER, watched: ONE_USER.heldOut },
  warn = () => {},
  progress = () => {},
}: Run = {}): Promise<TrialOutcome> {
  return runTrial(learner, { params, hopelessBelow }, {
    ...data,
    metric: "map",
    cutoff,
    weights: { top_k: "all", precision: "f32" },
    kernels: createReferenceKernels(),
    shared: createSharedWork(),
    random,
    signal,
    warn,
    progress,
  });
}

/** A learner that puts item 0 at `placeAfter(epoch)`; `told` gets the last epoch it ran. */
function iterative(
  placeAfter: (epoch: number) => number,
  told: { epochs?: number } = {},
): Algorithm {
  return algorithm({
    epochs: EPOCHS,
    async fit(_matrix, params, { epoch }) {
      const { train_epochs } = params as { train_epochs: number };
      for (let n = 1; n <= train_epochs; n++) {
        told.epochs = n;
        if (await epoch!(n, () => placing(placeAfter(n))) === "stop") break;
      }
      return placing(placeAfter(told.epochs!));
    },
  });
}

Deno.test("runTrial() scores the model of a learner without epochs", async () => {
  const learner = algorithm({
    fit: (_matrix, params) =>
      Promise.resolve(placing((params as { place: number }).place)),
  });
  const trial = await run(learner, { params: { place: 4 } });
  assertEquals(trial.state, "complete");
  assertEquals(trial.evaluation?.map, 1 / 4);
  assertEquals(trial.evaluation?.interval, [1 / 4, 1 / 4]);
  assert(!("userScores" in trial.evaluation!));
  assertEquals([trial.epochs, trial.error], [null, null]);
  assert(trial.seconds >= 0);
});

Deno.test("runTrial() fits on the one side of the split and scores lists as long as the cutoff", async () => {
  const learner = algorithm({
    fit(matrix) {
      assertEquals(matrix, ONE_USER.fit);
      return Promise.resolve(placing(5));
    },
  });
  const found = await run(learner, { cutoff: 5 });
  assertEquals(found.evaluation?.hit, 1);
  const missed = await run(learner, { cutoff: 4 });
  assertEquals(missed.evaluation?.hit, 0);
});

Deno.test("runTrial() keeps the best epoch's score and stops after five that are no better", async () => {
  const told: { epochs?: number } = {};
  const trial = await run(iterative((n) => n === 10 ? 2 : 3, told));
  assertEquals([trial.state, trial.epochs], ["complete", 10]);
  assertEquals(trial.evaluation?.map, 1 / 2);
  assertEquals(trial.evaluation?.interval, [1 / 2, 1 / 2]);
  assertEquals(told.epochs, 35);
});

Deno.test("runTrial() scores the last epoch too, though 128 is no multiple of 5", async () => {
  // Ever better, so that nothing stops it early.
  const trial = await run(iterative((n) => 64 - Math.floor(n / 4) * 2 + 1));
  assertEquals(trial.epochs, 128);
});

Deno.test("runTrial() chooses the epoch by the watched users and scores its model by all", async () => {
  const heldOut = fromDense([[1], [null, 1]], 64);
  const watched = fromDense([[1], []], 64);
  const data = { fit: fromDense([[], []], 64), heldOut, watched };
  const trial = await run(iterative((n) => n === 10 ? 2 : 3), { data });
  assertEquals([trial.state, trial.epochs], ["complete", 10]);
  assertEquals(trial.curve.get(10), 1 / 2);
  // Item 1 is the first of both lists.
  assertEquals(trial.evaluation?.map, (1 / 2 + 1) / 2);
  assertEquals(trial.evaluation?.users, 2);
});

Deno.test("runTrial() stops a hopeless trial, which keeps its best score", async () => {
  const told: { epochs?: number } = {};
  const trial = await run(iterative(() => 4, told), {
    hopelessBelow: new Map([[5, 1 / 3], [10, 1]]),
  });
  assertEquals([trial.state, trial.epochs, told.epochs], ["pruned", 5, 5]);
  assertEquals(trial.evaluation?.map, 1 / 4);
  assertEquals(trial.error, null);
});

Deno.test("runTrial() goes on where it is as good as others, and where there is nothing to compare with", async () => {
  const told: { epochs?: number } = {};
  const trial = await run(iterative(() => 4, told), {
    hopelessBelow: new Map([[5, 1 / 4], [7, 1]]),
  });
  assertEquals([trial.state, told.epochs], ["complete", 30]);
});

Deno.test("runTrial() does not call a trial hopeless that stops by itself", async () => {
  const trial = await run(iterative(() => 4), {
    hopelessBelow: new Map([[30, 1]]),
  });
  assertEquals([trial.state, trial.epochs], ["complete", 5]);
});

Deno.test("runTrial() tells after each score what it has reached", async () => {
  const told: (readonly [number, number, number])[] = [];
  await run(iterative((n) => n === 10 ? 2 : 3), {
    progress: ({ evaluation, epochs, curve }) =>
      told.push([evaluation.map, epochs, curve.size]),
  });
  assertEquals(told.slice(0, 3), [[1 / 3, 5, 1], [1 / 2, 10, 2], [
    1 / 2,
    10,
    3,
  ]]);
});

Deno.test("runTrial() marks a trial whose fit fails", async () => {
  const trial = await run(algorithm({
    fit: () => Promise.reject(new RangeError("IALS diverged")),
  }));
  assertEquals([trial.state, trial.evaluation], ["failed", null]);
  assertEquals(trial.error, "IALS diverged");
});

Deno.test("runTrial() gives a trial that fails after some scores none of them: its model cannot be made again", async () => {
  const trial = await run(algorithm({
    epochs: EPOCHS,
    async fit(_matrix, _params, { epoch }) {
      await epoch!(5, () => placing(1));
      throw new RangeError("IALS diverged");
    },
  }));
  assertEquals([trial.state, trial.evaluation], ["failed", null]);
});

Deno.test("runTrial() marks a trial whose parameters are refused", async () => {
  const trial = await run(algorithm({
    params: {
      parse() {
        throw new TypeError("top_k must be positive");
      },
    },
  }));
  assertEquals(trial.state, "failed");
  assertEquals(trial.error, "top_k must be positive");
});

Deno.test("runTrial() ends with the reason of the signal when all is to stop", async () => {
  const stop = new AbortController();
  const learner = algorithm({
    fit(_matrix, _params, { signal }) {
      stop.abort(new Error("SIGINT"));
      return untilStopped(signal);
    },
  });
  await assertRejects(
    () => run(learner, { signal: stop.signal }),
    Error,
    "SIGINT",
  );
});

Deno.test("runTrial() starts nothing when all is to stop already", async () => {
  let started = 0;
  const learner = algorithm({
    fit: () => Promise.resolve(placing(++started)),
  });
  await assertRejects(
    () => run(learner, { signal: AbortSignal.abort(new Error("SIGINT")) }),
    Error,
    "SIGINT",
  );
  assertEquals(started, 0);
});

Deno.test("runTrial() gives every fit of an algorithm the same random numbers, and passes its warnings on", async () => {
  const numbers: number[] = [];
  const warnings: string[] = [];
  const learner = algorithm({
    fit(_matrix, _params, { random, warn }) {
      numbers.push(random.float());
      warn("n_components_clamped", {});
      return Promise.resolve(placing(1));
    },
  });
  const random = createRandom(1);
  const expected = random.fork("Fake").float();
  for (let n = 0; n < 2; n++) {
    await run(learner, { random, warn: (event) => warnings.push(event) });
  }
  assertEquals(numbers, [expected, expected]);
  assertEquals(warnings, ["n_components_clamped", "n_components_clamped"]);
});
