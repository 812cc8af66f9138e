import { assertEquals, assertRejects } from "@std/assert";
import { RecotemError } from "../../../../core/errors.ts";
import type { StudyIdentity } from "../../../../train/search/study_identity.ts";
import {
  FAILED,
  logOptions,
  newFile,
  openLog,
  optunaFile,
  OUTCOME,
  take,
} from "./example_log.ts";

const { identity } = logOptions();

/** A file with a study in it. */
async function studyFile() {
  const file = await newFile();
  await using log = await openLog(file.path);
  await (await take(log, 0, "own")).end(OUTCOME);
  return file;
}

/** The message of the refusal to open a file, which stays as it is. */
async function refusal(
  path: string,
  changes: Partial<StudyIdentity> = {},
  join = false,
): Promise<string> {
  const before = await Deno.readFile(path);
  const error = await assertRejects(
    () => openLog(path, { identity: { ...identity, ...changes }, join }),
    RecotemError,
  );
  assertEquals([error.code, error.exitCode], ["search_error", 4]);
  assertEquals(error.message.includes("\n"), false);
  assertEquals(await Deno.readFile(path), before);
  return error.message.replace(path, "trials.db");
}

Deno.test("openDatabaseLog() gives back each trial as it ended, in another process as in this", async () => {
  await using file = await newFile();
  {
    await using log = await openLog(file.path);
    assertEquals(log.get(0), null);
    await (await take(log, 0, "own")).end(OUTCOME);
    await (await take(log, 1, "own")).end(FAILED);
    await take(log, 2, "own");
  }
  await using log = await openLog(file.path);
  const ended = await take(log, 0, "ended", () => {
    throw new Error("chosen again");
  });
  const { params, algorithm, ...outcome } = log.get(0)!;
  assertEquals<unknown>(outcome, OUTCOME);
  assertEquals([algorithm, params], ["IALS", ended.params]);
  const { params: _, algorithm: __, ...failed } = log.get(1)!;
  assertEquals<unknown>(failed, FAILED);
  assertEquals(log.get(2), null);
});

Deno.test("openDatabaseLog() marks trials that were running as failed, once, and they are begun again", async () => {
  await using file = await newFile();
  {
    await using log = await openLog(file.path);
    await (await take(log, 0, "own")).end(OUTCOME);
    await take(log, 1, "own");
  }
  const warnings: unknown[] = [];
  const warn = (...warning: unknown[]) => void warnings.push(warning);
  {
    await using log = await openLog(file.path, { warn });
    await (await take(log, 1, "own")).end(OUTCOME);
  }
  assertEquals(warnings, [["study_trial_interrupted", { trial: 1 }]]);
  await using log = await openLog(file.path, { warn });
  await take(log, 1, "ended");
  assertEquals(warnings.length, 1);
});

Deno.test("openDatabaseLog() keeps the studies of a recipe's runs apart", async () => {
  await using file = await studyFile();
  await using log = await openLog(file.path, {
    identity: { ...identity, name: "recotem_shop_2", fingerprint: "new" },
  });
  await take(log, 0, "own");
});

Deno.test("openDatabaseLog() refuses the file of another recipe and of another program", async () => {
  await using file = await studyFile();
  assertEquals(
    await refusal(file.path, { name: "recotem_books_1", recipe: "books" }),
    "trials.db holds the study recotem_shop_1 of the recipe shop; give each recipe a training.storage_path of its own",
  );
  await using optuna = await optunaFile();
  assertEquals(
    await refusal(optuna.path),
    "trials.db holds the study mixed of another program; give each recipe a training.storage_path of its own",
  );
});

Deno.test("openDatabaseLog() refuses to go on with other data or another metric", async () => {
  await using file = await studyFile();
  for (const changes of [{ fingerprint: "other" }, { metric: "recall@20" }]) {
    assertEquals(
      await refusal(file.path, changes),
      "trials.db holds the study recotem_shop_1 with other data, another split, metric or training.weights; use a new --run-id or another training.storage_path",
    );
  }
});

Deno.test("openDatabaseLog() refuses a study to join that is not there", async () => {
  await using file = await studyFile();
  assertEquals(
    await refusal(file.path, { name: "recotem_shop_9" }, true),
    "trials.db has no study recotem_shop_9 to join: begin it with --run-id",
  );
});

Deno.test("openDatabaseLog() refuses what is not a database, and one that is damaged", async () => {
  await using file = await newFile();
  await Deno.writeTextFile(file.path, "user,item\n".repeat(1000));
  assertEquals(
    await refusal(file.path),
    "Cannot keep trials in trials.db: file is not a database",
  );
  await using damaged = await studyFile();
  const bytes = await Deno.readFile(damaged.path);
  await Deno.writeFile(damaged.path, bytes.fill(7, 4096));
  assertEquals(
    await refusal(damaged.path),
    "Cannot keep trials in trials.db: database disk image is malformed",
  );
});
