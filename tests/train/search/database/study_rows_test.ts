import { assertEquals, assertRejects } from "@std/assert";
import { DatabaseError } from "../../../../train/search/database/database.ts";
import { openSqlite } from "../../../../train/search/database/open_sqlite.ts";
import { requireOptunaSchema } from "../../../../train/search/database/optuna_schema.ts";
import {
  endTrial,
  insertStudy,
  insertTrial,
  readStudies,
  readTrials,
} from "../../../../train/search/database/study_rows.ts";
import { CHOICE, newFile, optunaFile } from "./example_log.ts";

const NUMBERS: Readonly<Record<string, number>> = {
  NaN,
  Infinity,
  "-Infinity": -Infinity,
};

Deno.test("readStudies() and readTrials() read what Optuna reads", async () => {
  await using file = await optunaFile();
  await using database = await openSqlite(file.path);
  const [studies, trials] = await database.transaction(async (session) => [
    await readStudies(session),
    await readTrials(session, 1, 0),
  ]);
  assertEquals([...studies], [[1, {
    name: "mixed",
    directions: [2],
    userAttributes: { recipe: { größe: [1, null, 0.5, Infinity] } },
    systemAttributes: { "study:metric_names": ["ndcg@20"] },
  }]]);
  const expected = JSON.parse(
    await Deno.readTextFile(new URL("testdata/optuna5.json", import.meta.url)),
  );
  assertEquals(
    trials.map(({ id: _, systemAttributes, ...trial }) => {
      assertEquals(systemAttributes, {});
      return trial;
    }),
    expected.map((trial: { intermediateValues: [number, unknown][] }) => ({
      ...trial,
      intermediateValues: new Map(
        trial.intermediateValues.map((
          [step, value],
        ) => [step, NUMBERS[String(value)] ?? value]),
      ),
    })),
  );
});

Deno.test("readTrials() reads from an id on, and of its study alone", async () => {
  await using file = await optunaFile();
  await using database = await openSqlite(file.path);
  const ids = await database.transaction(async (session) => {
    const other = await insertStudy(session, {
      name: "other",
      directions: [2],
      userAttributes: {},
      systemAttributes: {},
    });
    const started = new Date(0);
    await insertTrial(session, other, { ...CHOICE, number: 0, started });
    const [theirs, own] = [
      await readTrials(session, 1, 4),
      await readTrials(session, other, 0),
    ];
    return [theirs.map(({ id }) => id), own.map(({ position }) => position)];
  });
  assertEquals(ids, [[4, 5], [0]]);
});

Deno.test("endTrial() leaves a trial as it is that does not run", async () => {
  await using file = await optunaFile();
  await using database = await openSqlite(file.path);
  const before = await database.transaction((session) =>
    readTrials(session, 1, 0)
  );
  await database.transaction((session) =>
    endTrial(session, 1, {
      state: "failed",
      score: 1,
      curve: new Map([[9, 1]]),
      attributes: { error: "late" },
      ended: new Date(0),
    })
  );
  assertEquals(
    await database.transaction((session) => readTrials(session, 1, 0)),
    before,
  );
});

Deno.test("insertTrial() refuses a parameter that is not in the space", async () => {
  await using file = await newFile();
  await using database = await openSqlite(file.path);
  await database.transaction(async (session) => {
    await requireOptunaSchema(database, session);
    await insertStudy(session, {
      name: "study",
      directions: [2],
      userAttributes: {},
      systemAttributes: {},
    });
  });
  await assertRejects(
    () =>
      database.transaction((session) =>
        insertTrial(session, 1, {
          ...CHOICE,
          params: { nu: 1 },
          number: 0,
          started: new Date(0),
        })
      ),
    TypeError,
    "must be in the space of IALS",
  );
  const trials = await database.transaction((session) =>
    readTrials(session, 1, 0)
  );
  assertEquals(trials, []);
});

for (
  const change of [
    "UPDATE trial_user_attributes SET value_json = '{'",
    "UPDATE trial_params SET distribution_json = NULL",
  ]
) {
  Deno.test(`readTrials() refuses rows that Optuna would not write: ${change}`, async () => {
    await using file = await optunaFile(change);
    await using database = await openSqlite(file.path);
    await assertRejects(
      () => database.transaction((session) => readTrials(session, 1, 0)),
      DatabaseError,
      "a row of it is not one that Optuna would write",
    );
  });
}
