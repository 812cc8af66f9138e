import { assert, assertEquals, assertRejects } from "@std/assert";
import { exampleJournal, openExample, SPACES } from "./example_study.ts";
import { MemoryJournalFile } from "./memory_journal_file.ts";

const IALS = {
  algorithm: "IALS",
  space: SPACES.IALS,
  params: { n_components: 8, reg: 0.01 },
} as const;

Deno.test("StudyJournal writes the journal that Optuna 4.9 and 5.0 were seen to read", async () => {
  const { text } = await exampleJournal();
  const recorded = new URL("testdata/ours.journal", import.meta.url);
  assertEquals(text, await Deno.readTextFile(recorded));
});

Deno.test("StudyJournal shows a sampler the trials of one algorithm, names without it, then and after reopening", async () => {
  const file = await exampleJournal();
  const reopened = await openExample(file);
  const params = { n_components: 64, reg: 0.0012345678901234567 };
  assertEquals(reopened.trialsOf("IALS"), [
    {
      number: 2,
      state: "pruned",
      params,
      score: 0.3,
      curve: new Map([[5, 0.1], [10, NaN], [15, 0.3]]),
    },
    {
      number: 3,
      state: "failed",
      params: { ...params, n_components: 4 },
      score: null,
      curve: new Map(),
    },
    {
      number: 4,
      // It was running.
      state: "failed",
      params: { ...params, n_components: 300 },
      score: null,
      curve: new Map([[5, Infinity]]),
    },
  ]);
  const [cosine] = reopened.trialsOf("CosineKNN");
  assertEquals(cosine!.params, {
    top_k: 100,
    reg: 12.5,
    feature_weighting: "BM 25 ≥ é",
    normalize: true,
  });
  assertEquals(
    reopened.trialsOf("TopPop").map(({ params, score }) => [params, score]),
    [
      [{}, 0.0625],
    ],
  );
  assertEquals(reopened.trialsOf("KNN"), []);
  assertEquals(reopened.trials[2]!.userAttributes, {
    algorithm: "IALS",
    epochs: 15,
  });
});

Deno.test("StudyJournal's own view is that of who reads the file", async () => {
  const file = new MemoryJournalFile();
  const journal = await openExample(file);
  const trial = await journal.begin(IALS);
  await journal.report(trial, 5, 0.1);
  const running = journal.trialsOf("IALS");
  assertEquals(running.map(({ state, score }) => [state, score]), [[
    "running",
    null,
  ]]);
  await journal.end(trial, { state: "complete", score: 0.2 });
  assertEquals(
    (await openExample(new MemoryJournalFile(file.text))).trialsOf("IALS"),
    journal.trialsOf("IALS"),
  );
});

Deno.test("StudyJournal keeps trials apart that begin and report at the same time", async () => {
  const file = new MemoryJournalFile();
  const journal = await openExample(file);
  const numbers = await Promise.all(
    [1e-3, 1e-2, 0.1].map(async (reg) => {
      const trial = await journal.begin({
        ...IALS,
        params: { ...IALS.params, reg },
      });
      await journal.report(trial, 5, reg);
      await journal.end(trial, { state: "complete", score: reg });
      return trial;
    }),
  );
  assertEquals(numbers, [0, 1, 2]);
  for (const { params, score, curve } of journal.trialsOf("IALS")) {
    assertEquals([score, curve.get(5)], [params.reg, params.reg]);
  }
});

Deno.test("StudyJournal refuses a parameter that is not in the space, and writes nothing then", async () => {
  const file = new MemoryJournalFile();
  const journal = await openExample(file);
  const before = file.text;
  for (const params of [{ nu: 1 }, { reg: "much" }, { reg: -1 }]) {
    await assertRejects(
      () => journal.begin({ ...IALS, params }),
      TypeError,
      "must be in the space of IALS",
    );
  }
  assertEquals(file.text, before);
});

Deno.test("StudyJournal writes nothing after a line that was cut, and goes on when it is opened again", async () => {
  const file = new MemoryJournalFile();
  const journal = await openExample(file);
  const first = await journal.begin(IALS);
  file.room = 20;
  const failures = await Promise.allSettled([
    journal.report(first, 5, 0.1),
    journal.report(first, 10, 0.2),
    journal.begin(IALS),
  ]);
  assert(failures.every(({ status }) => status === "rejected"));
  // What could not be written did not happen.
  assertEquals(journal.trialsOf("IALS")[0]!.curve.size, 0);
  file.room = Infinity;
  await assertRejects(() => journal.report(first, 15, 0.3), Error, "No space");

  const warnings: unknown[] = [];
  const reopened = await openExample(
    file,
    (...warning) => warnings.push(warning),
  );
  assertEquals(warnings, [
    ["study_journal_cut", { path: "study.journal", removed_bytes: 20 }],
    ["study_trial_interrupted", { trial: 0 }],
  ]);
  assertEquals(reopened.trialsOf("IALS").map(({ state }) => state), ["failed"]);
  assertEquals(await reopened.begin(IALS), 1);
  assertEquals((await openExample(file)).trials.length, 2);
});
