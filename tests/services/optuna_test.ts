/** Optuna and its dashboard on what searches leave behind. */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import {
  ENV,
  loansFolder,
  recipe,
  type Told,
  trainBooks,
} from "../e2e/train_run.ts";
import { OPTUNA } from "./optuna.ts";
import { startPostgresql } from "./postgresql.ts";
import { runCommand } from "./run_command.ts";
import { install, Service } from "./service.ts";

const READ_STUDIES = fromFileUrl(import.meta.resolve("./read_studies.py"));
const TRIALS = 12;

interface Trial {
  readonly state: string;
  readonly trial: number;
  readonly score: number;
  readonly algorithm: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly curve: number;
}

/** A search whose trials are kept in a storage; `storage` is how Optuna is told of the same. */
async function searched(path: string, env: Readonly<Record<string, string>>) {
  const folder = await loansFolder(recipe({
    training:
      `training: { algorithms: [IALS, CosineKNN, TopPop], n_trials: ${TRIALS}, split: { heldout_ratio: 0.3 }, storage_path: "${path}" }`,
  }));
  const { code, events } = await trainBooks(
    folder,
    ["--run-id=nightly", "-v"],
    {
      env: { ...ENV, ...env },
    },
  );
  assertEquals(code, 0, JSON.stringify(events.at(-1)));
  const trials = events.filter(({ event }) => event === "trial_done");
  assertEquals(trials.length, TRIALS);
  return { folder, trials, done: events.at(-1)! };
}

/** Asserts that Optuna reads the search that was told of. */
async function assertRead(
  storage: string,
  trials: readonly Told[],
  { best_score }: Told,
): Promise<void> {
  const folder = await install(OPTUNA);
  const [study, ...others] = JSON.parse(
    await runCommand([`${folder}/bin/python`, READ_STUDIES, storage]),
  );
  assertEquals(others, []);
  assertEquals([study.name, study.direction, study.metrics], [
    "recotem_books_nightly",
    "MAXIMIZE",
    ["ndcg@20"],
  ]);
  assertEquals(
    study.trials.map(({ trial, score, algorithm }: Trial) => ({
      trial,
      score,
      algorithm,
    })),
    trials.map(({ trial, score, algorithm }) => ({ trial, score, algorithm })),
  );
  assertEquals(
    study.trials.find(({ trial }: Trial) => trial === study.best).score,
    best_score,
  );
  for (const [n, { params, curve, algorithm }] of study.trials.entries()) {
    const told = trials[n]!.params as Readonly<Record<string, unknown>>;
    for (const [name, value] of Object.entries(params)) {
      assertEquals(value, told[name.replace(`${algorithm}.`, "")]);
    }
    assertEquals(curve > 0, algorithm === "IALS");
  }
}

/** Asserts that the dashboard shows the search that was told of. */
async function assertShown(
  storage: string,
  trials: readonly Told[],
): Promise<void> {
  await using dashboard = await Service.start({
    ...OPTUNA,
    start: (port) => [
      "bin/optuna-dashboard",
      ...["--host", "127.0.0.1", "--port", String(port), storage],
    ],
  });
  const get = async (path: string) => {
    const answer = await fetch(`${dashboard.url}/api/${path}`);
    assert(answer.ok, `${path}: ${answer.status}`);
    return await answer.json();
  };
  const { study_summaries } = await get("studies");
  assertEquals(study_summaries.length, 1);
  const [{ study_id, study_name }] = study_summaries;
  assertEquals(study_name, "recotem_books_nightly");
  const study = await get(`studies/${study_id}?after=0`);
  assertEquals(
    study.trials.map((
      { number, state, values }: { values: number[] } & Record<string, unknown>,
    ) => [number, state, values]),
    trials.map(({ trial, score, state }) => [
      trial,
      state === "complete" ? "Complete" : "Pruned",
      [score],
    ]),
  );
}

Deno.test("Optuna and its dashboard read a journal", async () => {
  const { folder, trials, done } = await searched("trials.journal", {});
  await using _folder = folder;
  await assertRead(`${folder.path}/trials.journal`, trials, done);
  await assertShown(`${folder.path}/trials.journal`, trials);
});

Deno.test("Optuna and its dashboard read an SQLite file", async () => {
  const { folder, trials, done } = await searched("trials.db", {});
  await using _folder = folder;
  await assertRead(`sqlite:///${folder.path}/trials.db`, trials, done);
  await assertShown(`sqlite:///${folder.path}/trials.db`, trials);
});

Deno.test("Optuna and its dashboard read a PostgreSQL database", async () => {
  await using server = await startPostgresql();
  const { host, port, user, password, database } = server;
  const { folder, trials, done } = await searched(
    `postgresql://${host}:${port}/${database}`,
    { RECOTEM_STORAGE_USER: user, RECOTEM_STORAGE_PASSWORD: password },
  );
  await using _folder = folder;
  const who = `${user}:${encodeURIComponent(password)}`;
  const url = `postgresql+psycopg://${who}@${host}:${port}/${database}`;
  await assertRead(url, trials, done);
  await assertShown(url, trials);
});
