import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
} from "@std/assert";
import { KeyRing } from "../../artifact/key_ring.ts";
import { openRecommender } from "../../serve/open_recommender.ts";
import { BOOKS, READERS } from "../train/loans.ts";
import {
  ENV,
  loansFolder,
  namesOf,
  recipe,
  type Told,
  trainBooks,
} from "./train_run.ts";

const KEYS = KeyRing.parse(ENV.RECOTEM_SIGNING_KEYS!);

/** The only event of a name. */
function only(events: readonly Told[], name: string): Told {
  const found = events.filter(({ event }) => event === name);
  assertEquals(found.length, 1, name);
  return found[0]!;
}

Deno.test("recotem train publishes a model and tells of it in the documented order", async () => {
  await using folder = await loansFolder();
  const { code, out, events } = await trainBooks(folder);
  assertEquals([code, out], [0, ""]);
  assertEquals(namesOf(events), [
    "signing_keyring_built",
    "recipe_loaded",
    "training_started",
    "fetching_data",
    "csv_source_fetch_start",
    "csv_source_fetch_done",
    "data_fetched",
    "data_cleansed",
    "splitting_data",
    "split_done",
    "popularity_scored",
    "search_started",
    "trial_done",
    "trial_done",
    "trial_done",
    "tuning_complete",
    "search_done",
    "training_final_model",
    "final_model_trained",
    "artifact_written",
    "report_written",
    "train_done",
  ]);

  const pointer = await Deno.readTextFile(
    `${folder.path}/models/books.recotem`,
  );
  assertMatch(pointer, /^books\.[0-9a-f]{8}\.recotem\n$/);
  const { recommender, header } = await openRecommender(
    `${folder.path}/models/books.recotem`,
    { keys: KEYS, recipeName: "books" },
  );
  assertEquals(recommender.users.size, READERS);
  const { event: _, level, timestamp, run_id, ...done } = only(
    events,
    "train_done",
  );
  assertEquals(done, {
    name: "books",
    exit_code: 0,
    artifact: `models/${pointer.trimEnd()}`,
    best_class: header.best_class,
    best_score: header.best_score,
    best_score_interval: header.best_score_interval,
    popularity_score: header.metrics?.popularity_score,
    trials: 3,
    n_orphaned: 0,
    trained_at: header.trained_at,
    kid: "shop",
    recipe_hash: header.recipe_hash,
    n_rows: 400,
    n_users: READERS,
    n_items: BOOKS,
  });
  assertEquals(level, "info");
  assertMatch(String(timestamp), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assertMatch(String(run_id), /^[0-9a-f]{12}$/);
  assertEquals(only(events, "training_started").run_id, run_id);
  const left = await Array.fromAsync(Deno.readDir(`${folder.path}/models`));
  assertEquals(left.map(({ name }) => name).sort(), [
    pointer.trimEnd(),
    `${pointer.trimEnd()}.report.html`,
    `${pointer.trimEnd()}.report.json`,
    "books.recotem",
    "books.recotem.lock",
  ]);
  const report = await Deno.readTextFile(
    `${folder.path}/models/${pointer.trimEnd()}.report.json`,
  );
  assertEquals(
    JSON.parse(report).recipe.text,
    await Deno.readTextFile(`${folder.path}/books.yaml`),
  );
});

Deno.test("recotem train --run-id, -v and --env-var name the run, show parameters and fill the recipe in", async () => {
  await using folder = await loansFolder(
    recipe({
      source: "source: { type: csv, path: '${RECOTEM_RECIPE_LOANS}' }",
    }),
  );
  const { code, events } = await trainBooks(folder, [
    "--run-id=nightly.1",
    "-v",
    "--env-var=RECOTEM_RECIPE_LOANS=data/loans.csv",
  ]);
  assertEquals(code, 0);
  assertEquals(only(events, "train_done").run_id, "nightly.1");
  const trials = events.filter(({ event }) => event === "trial_done");
  assertEquals(trials.length, 3);
  for (const trial of trials) {
    assertEquals(trial.run_id, "nightly.1");
    assert("params" in trial);
  }
});

Deno.test("recotem train --run-id goes on with the stored trials of the run of that name, and of no other", async () => {
  const searching = (trials: number) =>
    recipe({
      training:
        `training: { algorithms: [CosineKNN], n_trials: ${trials}, split: { heldout_ratio: 0.3 }, storage_path: trials.journal }`,
    });
  await using folder = await loansFolder(searching(2));
  async function trialsOf(runId: string): Promise<unknown[]> {
    const { code, events } = await trainBooks(folder, ["--run-id", runId]);
    assertEquals(code, 0);
    return events.filter(({ event }) => event === "trial_done")
      .map(({ trial, score, seconds }) => [trial, score, seconds]);
  }
  const first = await trialsOf("nightly");
  await folder.write("books.yaml", searching(3));
  const second = await trialsOf("nightly");
  assertEquals([first.length, second.length], [2, 3]);
  // Trials that were run again would not take the same time.
  assertEquals(second.slice(0, 2), first);
  assertNotEquals((await trialsOf("other")).slice(0, 2), first);
});

Deno.test("recotem train --quiet tells of no trial", async () => {
  await using folder = await loansFolder();
  const { code, events } = await trainBooks(folder, ["--quiet"]);
  assertEquals(code, 0);
  assert(!namesOf(events).includes("trial_done"));
});

Deno.test("recotem train with always_overwrite replaces the file itself, and a run after another its pointer", async () => {
  await using folder = await loansFolder(recipe({
    output:
      "output: { path: models/books.recotem, versioning: always_overwrite }",
  }));
  for (let n = 0; n < 2; n++) {
    const { code } = await trainBooks(folder);
    assertEquals(code, 0);
    await openRecommender(`${folder.path}/models/books.recotem`, {
      keys: KEYS,
    });
  }
  const left = await Array.fromAsync(Deno.readDir(`${folder.path}/models`));
  assertEquals(left.map(({ name }) => name).sort(), [
    "books.recotem",
    "books.recotem.lock",
    "books.recotem.report.html",
    "books.recotem.report.json",
  ]);
});
