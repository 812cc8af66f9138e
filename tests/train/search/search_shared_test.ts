/** Searches whose trials run in several processes. */
import { assertEquals } from "@std/assert";
import { createRandom } from "../../../core/kernels/create_random.ts";
import { search } from "../../../train/search/search.ts";
import type { TrialOutcome } from "../../../train/search/trial_job.ts";
import type {
  LoggedTrial,
  TakenTrial,
  TrialChoice,
  TrialLog,
} from "../../../train/search/trial_log.ts";
import { recordEvents } from "../../core/record_events.ts";
import { scored, training } from "../fixture.ts";
import { algorithm } from "./fixture.ts";

const LEARNER = algorithm({
  name: "A",
  space: {
    x: { type: "float", low: 0, high: 1 },
    y: { type: "float", low: 0, high: 1 },
  },
});

function outcome(score: number): TrialOutcome {
  return {
    state: "complete",
    evaluation: scored(score),
    epochs: null,
    curve: new Map(),
    seconds: 0,
    error: null,
  };
}

/** Searches with a log; answers the scores of all trials, and which numbers were told of in which order. */
async function run(log: TrialLog, trials: number) {
  const told: number[] = [];
  const { trials: found } = await search({
    algorithms: [LEARNER],
    training: training({ n_trials: trials }),
    random: createRandom(1),
    events: recordEvents(),
    signal: new AbortController().signal,
    log,
    run: () => Promise.resolve(outcome(0.5)),
    onTrial: ({ number }) => told.push(number),
  });
  return {
    told,
    scores: found.map(({ evaluation }) => evaluation!.ndcg),
    params: found.map(({ params }) => params),
  };
}

/** A log in which another process runs some trials, until they have ended or are left to this one. */
function sharedLog(
  others: ReadonlyMap<number, { readonly ends: "at take" | "later" | "never" }>,
): TrialLog {
  const params = { x: 0.25, y: 0.75 };
  const asked = new Map<number, number>();
  let taken = 0;
  function ended(number: number): boolean {
    const other = others.get(number);
    if (!other || other.ends === "never") return false;
    return other.ends === "at take" ? taken > number : asked.get(number)! > 1;
  }
  const theirs = { ...outcome(0.9), params, algorithm: "A" };
  return {
    get: (number): LoggedTrial | null => ended(number) ? theirs : null,
    take(number, { choose }) {
      taken = Math.max(taken, number);
      asked.set(number, 1 + (asked.get(number) ?? 0));
      const choice = { algorithm: LEARNER, params };
      const own = (choice: TrialChoice): TakenTrial => ({
        type: "own",
        ...choice,
        end: () => Promise.resolve(),
      });
      if (!others.has(number)) {
        const chosen = choose();
        return Promise.resolve(chosen && own(chosen));
      }
      if (ended(number)) {
        return Promise.resolve({ type: "ended", ...choice, outcome: theirs });
      }
      return Promise.resolve(
        asked.get(number)! > 1 ? own(choice) : { type: "elsewhere", ...choice },
      );
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

Deno.test("search() goes on beside trials that run elsewhere, and learns of their ends", async () => {
  const others = new Map([[1, { ends: "at take" }]] as const);
  const { told, scores } = await run(sharedLog(others), 4);
  // Number 1 is told of when number 2 is chosen.
  assertEquals(told, [0, 1, 2, 3]);
  assertEquals(scores, [0.5, 0.9, 0.5, 0.5]);
});

Deno.test("search() waits at last for trials that run elsewhere, and runs those that are left to it", async () => {
  const others = new Map(
    [[0, { ends: "later" }], [2, { ends: "never" }]] as const,
  );
  const { told, scores } = await run(sharedLog(others), 4);
  assertEquals(told, [1, 3, 0, 2]);
  assertEquals(scores, [0.9, 0.5, 0.5, 0.5]);
});

Deno.test("search() draws other values beside trials that run elsewhere than those draw", async () => {
  const alone = await run(sharedLog(new Map()), 4);
  const beside = await run(
    sharedLog(new Map([[0, { ends: "later" }]] as const)),
    4,
  );
  // The first draw was the other process's.
  assertEquals(beside.params.slice(1), alone.params.slice(1));
});
