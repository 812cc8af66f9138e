import { assertEquals } from "@std/assert";
import { runWithin } from "../../../train/search/run_within.ts";
import type { TrialOutcome } from "../../../train/search/trial_job.ts";
import { recordEvents } from "../../core/record_events.ts";
import { algorithm } from "./fixture.ts";

const DONE: TrialOutcome = {
  state: "complete",
  evaluation: null,
  epochs: null,
  curve: new Map(),
  seconds: 1,
  error: null,
};

const LEARNER = algorithm({
  name: "Large",
  params: {
    parse(value) {
      const { mib } = value as { mib: number };
      if (mib < 0) throw new RangeError("mib must be positive");
      return { mib };
    },
  },
  cost: ({ items }, params) => ({
    bytes: (params as { mib: number }).mib * 2 ** 20,
    flops: items,
  }),
});

/** Runs a trial that needs so much where 100 MiB are to be had. */
async function run(mib: number) {
  const events = recordEvents();
  let runs = 0;
  const guarded = runWithin(() => {
    runs++;
    return Promise.resolve(DONE);
  }, {
    algorithms: [LEARNER],
    shape: { users: 1, items: 7, nonZeros: 1 },
    bytes: 100 * 2 ** 20,
    events,
  });
  const outcome = await guarded(
    {
      number: 3,
      algorithm: "Large",
      params: { mib },
      hopelessBelow: new Map(),
    },
    { timeoutSeconds: null, signal: new AbortController().signal, warn() {} },
  );
  return { outcome, runs, events: events.seen };
}

Deno.test("runWithin() runs a trial that fits, and tells what it is expected to take", async () => {
  const { outcome, runs, events } = await run(100);
  assertEquals([outcome, runs], [DONE, 1]);
  assertEquals(events, [
    ["debug", "trial_started", {
      trial: 3,
      algorithm: "Large",
      bytes: 100 * 2 ** 20,
      flops: 7,
    }],
  ]);
});

Deno.test("runWithin() does not try a trial that needs more memory than it may take", async () => {
  const { outcome, runs } = await run(6144);
  assertEquals(runs, 0);
  assertEquals([outcome.state, outcome.evaluation], ["failed", null]);
  assertEquals(
    outcome.error,
    "Not tried: needs about 6,144 MiB, more than the 100 MiB that a trial may take (RECOTEM_MAX_MEMORY_BYTES over training.parallelism, 4 GiB at most)",
  );
});

Deno.test("runWithin() leaves parameters that cannot be used to the fit", async () => {
  const { outcome, runs, events } = await run(-1);
  assertEquals([outcome, runs], [DONE, 1]);
  assertEquals(events[0]![2].bytes, null);
});
