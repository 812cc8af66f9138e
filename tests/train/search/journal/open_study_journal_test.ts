import { assert, assertEquals, assertRejects } from "@std/assert";
import { RecotemError } from "../../../../core/errors.ts";
import { openStudyJournal } from "../../../../train/search/journal/open_study_journal.ts";
import type { StudyIdentity } from "../../../../train/search/study_identity.ts";
import { exampleJournal, IDENTITY, openExample } from "./example_study.ts";
import { MemoryJournalFile } from "./memory_journal_file.ts";

/** Opens a journal as another study, which must be refused without a change, and returns the message. */
async function refusal(
  text: string,
  changes: Partial<StudyIdentity> = {},
): Promise<string> {
  const file = new MemoryJournalFile(text);
  const error = await assertRejects(
    () =>
      openStudyJournal(file, { ...IDENTITY, ...changes }, {
        workerId: "w",
        now: () => new Date(0),
        warn() {},
      }),
    RecotemError,
  );
  assertEquals(error.code, "search_error");
  assertEquals(file.text, text);
  assertEquals(error.message.includes("\n"), false);
  return error.message;
}

Deno.test("openStudyJournal() begins a study in an empty file: maximised, its value named, whose it is", async () => {
  const file = new MemoryJournalFile();
  const journal = await openExample(file);
  assertEquals(journal.trials, []);
  assertEquals(file.lines, [
    { op_code: 0, study_name: "recotem_shop_1", directions: [2] },
    {
      op_code: 3,
      study_id: 0,
      system_attr: { "study:metric_names": ["ndcg@20"] },
    },
    { op_code: 2, study_id: 0, user_attr: { recotem_recipe: "shop" } },
    { op_code: 2, study_id: 0, user_attr: { recotem_fingerprint: "5f2b" } },
  ]);
});

Deno.test("openStudyJournal() goes on with its study beside others of the recipe", async () => {
  const file = await exampleJournal();
  const other = await openStudyJournal(file, {
    ...IDENTITY,
    name: "recotem_shop_2",
    fingerprint: "new",
  }, {
    workerId: "w",
    now: () => new Date(0),
    warn() {},
  });
  assertEquals(other.trials, []);
  assertEquals(
    await other.begin({ algorithm: "TopPop", space: {}, params: {} }),
    0,
  );
  const journal = await openExample(file);
  assertEquals(journal.trials.map(({ number }) => number), [0, 1, 2, 3, 4]);
  assertEquals(
    await journal.begin({ algorithm: "TopPop", space: {}, params: {} }),
    5,
  );
});

Deno.test("openStudyJournal() marks trials that were running as failed, once", async () => {
  const file = await exampleJournal();
  const warnings: string[] = [];
  await openExample(file, (event) => warnings.push(event));
  assertEquals(warnings, ["study_trial_interrupted"]);
  const [attribute, end] = file.lines.slice(-2);
  assertEquals(attribute, {
    op_code: 8,
    trial_id: 4,
    user_attr: { error: "Interrupted" },
  });
  assertEquals([end!.op_code, end!.trial_id, end!.state, end!.values], [
    6,
    4,
    3,
    null,
  ]);
  const before = file.text;
  await openExample(file, (event) => warnings.push(event));
  assertEquals(warnings.length, 1);
  assertEquals(file.text, before);
});

Deno.test("openStudyJournal() removes a line that was cut, wherever, and loses no other", async () => {
  const { text } = await exampleJournal();
  const lines = text.trimEnd().split("\n");
  const last = lines.at(-1)!;
  for (let kept = 1; kept <= last.length; kept++) {
    const file = new MemoryJournalFile(text.slice(0, kept - last.length - 1));
    const warnings: unknown[] = [];
    await openExample(file, (...warning) => warnings.push(warning));
    assertEquals(warnings[0], [
      "study_journal_cut",
      { path: "study.journal", removed_bytes: kept },
    ]);
    assert(file.text.startsWith(lines.slice(0, -1).join("\n") + "\n"));
    assert(file.text.endsWith("\n"));
    await openExample(file);
  }
});

Deno.test("openStudyJournal() completes a study that a crash left at its beginning", async () => {
  const file = new MemoryJournalFile();
  await openExample(file);
  const whole = file.text;
  for (let end = 0; end <= whole.length; end++) {
    const cut = new MemoryJournalFile(whole.slice(0, end));
    const journal = await openExample(cut);
    await journal.begin({ algorithm: "TopPop", space: {}, params: {} });
    assertEquals((await openExample(cut)).trials.length, 1);
  }
});

Deno.test("openStudyJournal() refuses the journal of another recipe and of another program", async () => {
  const { text } = await exampleJournal();
  assertEquals(
    await refusal(text, { name: "recotem_books_1", recipe: "books" }),
    "study.journal holds the study recotem_shop_1 of the recipe shop; give each recipe a training.storage_path of its own",
  );
  const optuna = await Deno.readTextFile(
    new URL("testdata/optuna5.journal", import.meta.url),
  );
  assertEquals(
    await refusal(optuna),
    "study.journal holds the study mixed of another program; give each recipe a training.storage_path of its own",
  );
});

Deno.test("openStudyJournal() refuses to go on with other data or another metric", async () => {
  const { text } = await exampleJournal();
  for (const changes of [{ fingerprint: "other" }, { metric: "recall@20" }]) {
    assertEquals(
      await refusal(text, changes),
      "study.journal holds the study recotem_shop_1 with other data, another split, metric or training.weights; use a new --run-id or another training.storage_path",
    );
  }
});

Deno.test("openStudyJournal() refuses what is not a journal and leaves it as it is, short ones too", async () => {
  assertEquals(
    await refusal("milk"),
    'study.journal is not an Optuna journal: line 1: does not begin with {"op_code":; name a new file in training.storage_path',
  );
  await refusal("SQLite format 3\0\n\0\n");
});
