import { assert, assertEquals } from "@std/assert";
import type { ShownEvent } from "../../../core/config/event_view.ts";
import type { EventFields } from "../../../core/config/events.ts";
import { TrainView } from "../../../train/view/train_view.ts";
import { TestTerminal } from "./terminal.ts";

const STARTED: readonly (readonly [string, EventFields])[] = [
  ["recipe_loaded", { name: "books", path: "books.yaml" }],
  ["training_started", { name: "books", run_id: "r1" }],
  ["fetching_data", { type: "csv" }],
  ["csv_source_fetch_done", { path: "loans.csv", rows: 400 }],
  ["data_cleansed", { n_rows: 1400, n_users: 40, n_items: 30 }],
  ["splitting_data", { scheme: "random" }],
  ["popularity_scored", { score: 0.125, n_users: 40 }],
  ["search_started", {
    algorithms: ["IALS", "TopPop"],
    n_trials: 4,
    metric: "map",
    cutoff: 10,
    parallelism: 2,
    timeout_seconds: null,
    bytes: { IALS: 5_000_000, TopPop: 100 },
    flops: { IALS: 100, TopPop: 1 },
  }],
];

const FACTS = `Run       books, r1
Data      1,400 interactions of 40 users with 30 items
Baseline  0.12500 by popularity alone
Search    4 trials of IALS, TopPop; 5 MiB each at most
`;

const LEADERBOARD = [
  {
    algorithm: "IALS",
    score: 0.25,
    params: { n_components: 32 },
    trials: 1,
    seconds: 2,
  },
];

/** A view on a terminal, its clock, and events by name and fields. */
class Stage {
  readonly terminal: TestTerminal;
  readonly view: TrainView;
  seconds = 0;

  constructor(columns = 80) {
    this.terminal = new TestTerminal(columns, 24);
    this.view = new TrainView(this.terminal.screen, () => 1000 * this.seconds);
    for (const [event, fields] of STARTED) this.tell(event, fields);
  }

  tell(
    event: string,
    fields: EventFields = {},
    level: ShownEvent["level"] = "info",
  ): void {
    this.view.show({ event, level, fields, timestamp: 0 });
  }

  /** The screen after the view was drawn. */
  text(): Promise<string> {
    this.view.refresh();
    return this.terminal.text();
  }

  /** Two trials run, one has ended after 2 s. */
  trials(): void {
    this.tell("trial_started", { trial: 0, algorithm: "IALS", flops: 100 });
    this.tell("trial_started", { trial: 1, algorithm: "TopPop", flops: 1 });
    this.seconds += 2;
    this.tell("trial_done", {
      trial: 0,
      algorithm: "IALS",
      score: 0.25,
      seconds: 2,
    });
    this.tell("trial_started", { trial: 2, algorithm: "IALS", flops: 400 });
    this.seconds += 3;
  }
}

Deno.test("TrainView tells how far reading has come and how fast, until it is over", async () => {
  const terminal = new TestTerminal(80, 24);
  let seconds = 0;
  const view = new TrainView(terminal.screen, () => 1000 * seconds);
  const tell = (event: string, fields: EventFields) =>
    view.show({ event, level: "debug", fields, timestamp: 0 });
  tell("training_started", { name: "books", run_id: "r1" });
  seconds = 2;
  tell("rows_read", { rows: 5_000_000 });
  seconds = 3;
  view.refresh();
  assertEquals(
    await terminal.text(),
    "Run       books, r1\n  Reading the data, 0:03, 5,000,000 rows, 2,500,000/s",
  );
  tell("splitting_data", { scheme: "random" });
  view.refresh();
  assertEquals(
    await terminal.text(),
    "Run       books, r1\n  Splitting the data, 0:00",
  );
});

Deno.test("TrainView tells what was read, and that a search has begun", async () => {
  const stage = new Stage();
  assertEquals(
    await stage.text(),
    `${FACTS}  [--------------------] 0/4 trials, 0:00`,
  );
});

Deno.test("TrainView shows trials done, the best of each algorithm, what runs and what is left", async () => {
  const stage = new Stage();
  stage.trials();
  // Five of eight seconds of a trial are left, and a trial that is like the three before: (2 + 5 + 8) / 3.
  assertEquals(
    await stage.text(),
    `${FACTS}  [#####---------------] 1/4 trials, 0:05, about 0:05 left
  algorithm   map@10  trials  seconds
  IALS       0.25000       1      2.0
  running: TopPop 5.0 s, IALS 3.0 s`,
  );
});

Deno.test("TrainView fits its search on a screen of 40 columns", async () => {
  const stage = new Stage(40);
  stage.trials();
  const text = await stage.text();
  assert(text.includes("\n  1/4 trials, 0:05, about 0:05 left\n"), text);
});

Deno.test("TrainView expects no more time than the search has", async () => {
  const stage = new Stage();
  const [name, fields] = STARTED.at(-1)!;
  stage.tell(name, { ...fields, timeout_seconds: 7 });
  stage.trials();
  const text = await stage.text();
  assert(text.includes("1/4 trials, 0:05, about 0:02 left"), text);
});

Deno.test("TrainView leaves the leaderboard and the artifact's path", async () => {
  const stage = new Stage();
  stage.trials();
  await stage.text();
  stage.tell("tuning_complete", { n_completed: 3 });
  stage.tell("search_done", { leaderboard: LEADERBOARD });
  stage.tell("training_final_model", { recommender: "IALSRecommender" });
  stage.seconds += 4;
  assert(
    (await stage.text()).endsWith(
      "  Training the best model on all data, 0:04",
    ),
  );
  stage.tell("final_model_trained");
  stage.tell("test_scored", { test_score: 0.24, popularity_score: 0.1 });
  stage.tell("artifact_written", {
    artifact: "models/b\x1b[2Jooks",
    bytes: 4_560_000,
    kid: "shop",
  });
  stage.tell("report_written", { html: "models/books.html" });
  stage.tell("train_done");
  stage.view.close();
  assertEquals(
    await stage.text(),
    `${FACTS}
  algorithm   map@10  trials  seconds  parameters
  IALS       0.25000       1      2.0  n_components=32

Test      0.24000 for users that no trial saw, 0.10000 by popularity alone
Artifact  models/b\\u{001b}[2Jooks (4.6 MB, signed with key shop)
Report    models/books.html`,
  );
});

Deno.test("TrainView shows warnings above the search, and all that it has no other words for", async () => {
  const stage = new Stage();
  stage.trials();
  await stage.text();
  stage.tell("trial_learn_failed", { trial: 3 }, "warn");
  stage.tell("recipe_lock_contended_skipping", { path: "x" });
  stage.tell("looked_at", {}, "debug");
  const lines = (await stage.text()).split("\n");
  assertEquals(lines.slice(4, 6).map((line) => line.slice(9)), [
    "warn  trial_learn_failed trial=3",
    "info  recipe_lock_contended_skipping path=x",
  ]);
  assert(lines[6]!.includes("1/4 trials"), lines[6]);
});

Deno.test("TrainView tells how a stopped search stood and how to go on", async () => {
  const stage = new Stage();
  stage.trials();
  await stage.text();
  stage.tell("search_interrupted", { leaderboard: LEADERBOARD }, "warn");
  stage.tell("train_interrupted", {
    signal: "SIGINT",
    resume: "To go on: this way",
  }, "warn");
  assertEquals(
    await stage.text(),
    `${FACTS}
  algorithm   map@10  trials  seconds  parameters
  IALS       0.25000       1      2.0  n_components=32

Stopped by SIGINT; nothing was published
To go on: this way`,
  );
});

Deno.test("TrainView leaves the error of a run that failed, and nothing of the search", async () => {
  const stage = new Stage();
  stage.trials();
  await stage.text();
  stage.tell("train_error", { error: "Error: no\x07 trial" }, "error");
  assertEquals(await stage.text(), `${FACTS}Error: no\\u{0007} trial`);
});
