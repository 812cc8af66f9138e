/** Runs that are stopped, by whatever means a terminal, a scheduler or an impatient person has. */
import { assert, assertEquals } from "@std/assert";
import { SILENT } from "../../core/config/events.ts";
import { acquireLock } from "../../train/lock.ts";
import type { LeaderboardRow } from "../../train/leaderboard.ts";
import type { RecipeFolder } from "../cli/recipe_folder.ts";
import {
  assertUntouched,
  ENDLESS,
  eventsOf,
  loansFolder,
  namesOf,
  previousModel,
  recipe,
  startTraining,
  type Told,
  trainBooks,
} from "./train_run.ts";

/** Starts a training without end, has `stop` stop it after its first trials, and answers how it ended. */
async function stopped(
  folder: RecipeFolder,
  stop: (process: Deno.ChildProcess) => unknown,
): Promise<{ code: number; events: Told[] }> {
  const process = startTraining(folder);
  const events: Told[] = [];
  let trials = 0;
  for await (const told of eventsOf(process)) {
    events.push(told);
    if (told.event === "trial_done" && ++trials === 3) await stop(process);
  }
  await process.stdout.cancel();
  return { code: (await process.status).code, events };
}

async function endlessFolder(): Promise<RecipeFolder> {
  const folder = await loansFolder(recipe({ training: ENDLESS }));
  await previousModel(folder);
  return folder;
}

/** The system frees the lock of a process that has ended a moment after it closes its standard error. */
async function assertLockFree({ path }: RecipeFolder): Promise<void> {
  using lock = await acquireLock(`${path}/models/books.recotem`, {
    timeoutSeconds: 10,
    failOnBusy: true,
    lockDir: "/nowhere",
    events: SILENT,
    signal: new AbortController().signal,
  });
  assert(lock !== null);
}

/** Asserts that a run told of its end once, and in no other way. */
function assertInterrupted(events: readonly Told[], signal: string): void {
  const last = events.at(-1)!;
  assertEquals([last.event, last.signal], ["train_interrupted", signal]);
  const ends = namesOf(events).filter((name) =>
    ["train_interrupted", "train_error", "train_done"].includes(String(name))
  );
  assertEquals(ends, ["train_interrupted"]);
}

for (
  const [signal, exit] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const
) {
  Deno.test(`recotem train stops at ${signal}: exit ${exit}, one summary, nothing written, the lock free`, async () => {
    await using folder = await endlessFolder();
    const { code, events } = await stopped(
      folder,
      (process) => process.kill(signal),
    );
    assertEquals(code, exit);
    assertInterrupted(events, signal);
    await assertUntouched(folder);
    await assertLockFree(folder);
  });
}

Deno.test("recotem train stops once at a Ctrl-C, which reaches the whole process group: exit 130", async () => {
  await using folder = await endlessFolder();
  const { code, events } = await stopped(
    folder,
    ({ pid }) => Deno.kill(-pid, "SIGINT"),
  );
  assertEquals(code, 130);
  assertInterrupted(events, "SIGINT");
  await assertUntouched(folder);
});

Deno.test("recotem train stops once when it is told twice", async () => {
  await using folder = await endlessFolder();
  const { code, events } = await stopped(folder, (process) => {
    process.kill("SIGINT");
    process.kill("SIGTERM");
  });
  assert(code === 130 || code === 143, String(code));
  assertInterrupted(events, code === 130 ? "SIGINT" : "SIGTERM");
});

Deno.test("recotem train that is stopped tells its best trials so far, with their parameters, and how to go on", async () => {
  const training = ENDLESS.replace("{", "{ storage_path: trials.journal,");
  await using folder = await loansFolder(recipe({ training }));
  const { events } = await stopped(folder, (process) => process.kill("SIGINT"));
  const told = events.find(({ event }) => event === "search_interrupted")!;
  const [best] = told.leaderboard as LeaderboardRow[];
  const scores = events.flatMap(({ event, score }) =>
    event === "trial_done" ? Number(score) : []
  );
  assertEquals(best!.score, Math.max(...scores));
  assertEquals(best!.trials, scores.length);
  assert(Number(best!.params!.n_components) > 0, JSON.stringify(best));
  const { resume, run_id } = events.at(-1)!;
  assertEquals(resume, `To go on: recotem train books.yaml --run-id ${run_id}`);
});

Deno.test("recotem train goes on from where it was stopped", async () => {
  const training = ENDLESS.replace("{", "{ storage_path: trials.journal,");
  await using folder = await loansFolder(recipe({ training }));
  const { events } = await stopped(folder, (process) => process.kill("SIGINT"));
  const done = events.filter(({ event }) => event === "trial_done").length;
  await folder.write(
    "books.yaml",
    recipe({ training: training.replace("100000", String(done)) }),
  );
  const again = await trainBooks(folder, [
    "--run-id",
    String(events.at(-1)!.run_id),
    "--verbose",
  ]);
  assertEquals(again.code, 0, JSON.stringify(again.events));
  const scoresOf = (events: readonly Told[]) =>
    events.filter(({ event }) => event === "trial_done")
      .map(({ trial, score }) => [trial, score]);
  assertEquals(scoresOf(again.events), scoresOf(events));
});

Deno.test("recotem train ends at once at a second Ctrl-C, whatever it waits for", async () => {
  await using folder = await endlessFolder();
  // Opened for reading, a pipe that nobody writes to blocks for ever, and no signal is heard there.
  await Deno.remove(`${folder.path}/data/loans.csv`);
  await new Deno.Command("mkfifo", { args: [`${folder.path}/data/loans.csv`] })
    .output();
  const process = startTraining(folder);
  const events: Told[] = [];
  for await (const told of eventsOf(process)) {
    events.push(told);
    if (told.event !== "csv_source_fetch_start") continue;
    // The pipe is opened in a moment.
    await new Promise((resolve) => setTimeout(resolve, 300));
    process.kill("SIGINT");
    await new Promise((resolve) => setTimeout(resolve, 500));
    try {
      process.kill("SIGINT");
    } catch (error) {
      // It heard the first one before it opened the pipe.
      assert(error instanceof TypeError, String(error));
    }
  }
  await process.stdout.cancel();
  assertEquals((await process.status).code, 130);
  assertInterrupted(events, "SIGINT");
  await assertUntouched(folder);
});

Deno.test("recotem train stops while it waits for the lock: exit 143", async () => {
  await using folder = await endlessFolder();
  using lock = await acquireLock(`${folder.path}/models/books.recotem`, {
    timeoutSeconds: 0,
    failOnBusy: true,
    lockDir: "/nowhere",
    events: SILENT,
    signal: new AbortController().signal,
  });
  assert(lock !== null);
  const process = startTraining(folder, ["--lock-timeout=-1"]);
  const events: Told[] = [];
  for await (const told of eventsOf(process)) {
    events.push(told);
    if (told.event === "recipe_loaded") process.kill("SIGTERM");
  }
  await process.stdout.cancel();
  assertEquals((await process.status).code, 143);
  assertInterrupted(events, "SIGTERM");
});

Deno.test("recotem train does not leave its training process behind when it is killed itself", async () => {
  await using folder = await endlessFolder();
  const { events } = await stopped(
    folder,
    (process) => process.kill("SIGKILL"),
  );
  // Standard error, which both hold, came to its end: so have both.
  assert(!namesOf(events).includes("train_done"));
  await assertUntouched(folder);
  await assertLockFree(folder);
});
