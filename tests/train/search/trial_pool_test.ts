import { assert, assertEquals, assertRejects } from "@std/assert";
import { createRandom } from "../../../core/kernels/create_random.ts";
import type { TrialJob } from "../../../train/search/trial_job.ts";
import {
  type RunOptions,
  TrialPool,
} from "../../../train/search/trial_pool.ts";
import { randomCsr } from "../../core/kernels/matrices.ts";

const SETTING = {
  fit: randomCsr(createRandom(1), 60, 40, 0.3, () => 1),
  heldOut: randomCsr(createRandom(2), 60, 40, 0.1, () => 1),
  metric: "ndcg",
  cutoff: 10,
  seed: 42,
  threads: [1],
  device: "cpu",
  arithmetic: "fast",
  weights: { top_k: "auto", precision: "auto" },
} as const;

function job(algorithm: string, params: TrialJob["params"] = {}): TrialJob {
  return { number: 0, algorithm, params, hopelessBelow: new Map() };
}

/** Where {@linkcode LONG} takes a second to its first score, and a minute to its end. */
const LARGE = {
  ...SETTING,
  fit: randomCsr(createRandom(1), 2000, 2000, 0.02, () => 1),
  heldOut: randomCsr(createRandom(2), 2000, 2000, 0.001, () => 1),
} as const;
const LONG = job("BPRFM", { n_components: 256 });

function options(changes: Partial<RunOptions> = {}): RunOptions {
  return {
    timeoutSeconds: null,
    signal: new AbortController().signal,
    warn() {},
    ...changes,
  };
}

Deno.test("TrialPool runs a trial in a worker, the same every time", async () => {
  await using pool = new TrialPool(SETTING);
  await using other = new TrialPool(SETTING);
  const ials = job("IALS", { n_components: 4, alpha0: 0.1, reg: 0.01 });
  const [one, again, elsewhere] = await Promise.all([
    pool.run(ials, options()),
    pool.run(ials, options()),
    other.run(ials, options()),
  ]);
  assertEquals(one.state, "complete");
  assert(one.evaluation!.ndcg > 0 && one.epochs! > 0 && one.curve.size > 0);
  assertEquals({ ...again, seconds: 0 }, { ...one, seconds: 0 });
  assertEquals({ ...elsewhere, seconds: 0 }, { ...one, seconds: 0 });
});

Deno.test("TrialPool gives what went wrong with a trial, and the warnings of its fit", async () => {
  await using pool = new TrialPool(SETTING);
  const warnings: string[] = [];
  const warn = (event: string) => warnings.push(event);
  const refused = await pool.run(job("IALS", { reg: -1 }), options({ warn }));
  assertEquals([refused.state, refused.evaluation], ["failed", null]);
  assert(refused.error!.includes("reg"), refused.error!);
  await pool.run(job("IALS", { n_components: 100 }), options({ warn }));
  assertEquals(warnings, ["n_components_clamped"]);
});

Deno.test("TrialPool lets no trial pay for the start of its worker", async () => {
  await using pool = new TrialPool(SETTING);
  // Far less than a worker takes to start.
  const first = await pool.run(
    job("TopPop"),
    options({ timeoutSeconds: 0.15 }),
  );
  assertEquals([first.state, first.error], ["complete", null]);
});

Deno.test("TrialPool ends a trial at its time limit whatever it does, and runs the next one", async () => {
  await using pool = new TrialPool(LARGE);
  // The worker is there before the time runs.
  await pool.run(job("TopPop"), options());
  const ended = await pool.run(LONG, options({ timeoutSeconds: 0.1 }));
  assertEquals([ended.state, ended.evaluation], ["failed", null]);
  assertEquals(
    ended.error,
    "Stopped after per_trial_timeout_seconds, 0.1 s",
  );
  const next = await pool.run(job("TopPop"), options());
  assertEquals(next.state, "complete");
});

Deno.test("TrialPool gets the memory of trials back that it ends at work", async () => {
  const items = 7000;
  await using pool = new TrialPool({
    ...SETTING,
    fit: randomCsr(createRandom(1), 300, items, 0.005, () => 1),
    heldOut: randomCsr(createRandom(2), 300, items, 0.001, () => 1),
  });
  // The triangle of the Gram matrix, which is inverted for seconds.
  const bytes = 2 * items ** 2;
  const grown: number[] = [];
  let before = 0;
  for (let n = 0; n < 4; n++) {
    const ended = await pool.run(
      job("DenseSLIM"),
      options({
        timeoutSeconds: 0.5,
      }),
    );
    assertEquals(ended.state, "failed");
    const { rss } = Deno.memoryUsage();
    if (n > 0) grown.push(rss - before);
    else before = rss;
  }
  assert(Math.max(...grown) < 2 * bytes, `${grown} of ${bytes} for each`);
});

Deno.test("TrialPool keeps of a trial that it ends the best score so far, with its interval", async () => {
  await using pool = new TrialPool(LARGE);
  const steady = job("BPRFM", { n_components: 32 });
  // How long it takes to the first score depends on the machine; to the end it is six times as long at least.
  for (let seconds = 0.2;; seconds *= 2) {
    // A worker is there before the time runs.
    await pool.run(job("TopPop"), options());
    const trial = await pool.run(steady, options({ timeoutSeconds: seconds }));
    if (trial.state === "failed") continue;
    assertEquals(trial.state, "pruned");
    const { ndcg, interval: [low, high] } = trial.evaluation!;
    assert(low <= ndcg && ndcg <= high && low < high);
    assertEquals(Math.max(...trial.curve.values()), ndcg);
    assert(trial.error!.includes("per_trial_timeout_seconds"));
    break;
  }
});

Deno.test("TrialPool does not end at once a trial that has more time than a timer can wait", async () => {
  await using pool = new TrialPool(SETTING);
  const long = options({ timeoutSeconds: 10_000_000 });
  const trial = await pool.run(job("TopPop"), long);
  assertEquals(trial.state, "complete");
});

Deno.test("TrialPool ends a trial with the reason of the signal", async () => {
  await using pool = new TrialPool(LARGE);
  const stop = new AbortController();
  const running = pool.run(LONG, options({ signal: stop.signal }));
  setTimeout(() => stop.abort(new Error("SIGINT")), 50);
  await assertRejects(() => running, Error, "SIGINT");
  await assertRejects(
    () => pool.run(job("TopPop"), options({ signal: stop.signal })),
    Error,
    "SIGINT",
  );
});
