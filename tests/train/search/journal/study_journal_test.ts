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

Deno.test("StudyJournal's own view is that of who reads the file", async () => {
  const file = new MemoryJournalFile();
  const journal = await openExample(file);
  const trial = await journal.begin(IALS);
  const [running] = journal.trials;
  assertEquals([running!.state, running!.values], ["running", null]);
  await journal.end(trial, {
    state: "complete",
    score: 0.2,
    curve: new Map([[5, 0.1], [10, NaN]]),
    attributes: { epochs: 5 },
  });
  const [ended] = journal.trials;
  assertEquals(ended!.params, { "IALS.n_components": 8, "IALS.reg": 0.01 });
  assertEquals(ended!.userAttributes, { algorithm: "IALS", epochs: 5 });
  assertEquals(ended!.intermediateValues, new Map([[5, 0.1], [10, NaN]]));
  assertEquals(
    (await openExample(new MemoryJournalFile(file.text))).trials,
    journal.trials,
  );
});

Deno.test("StudyJournal writes the end of a trial at once, however many epochs were scored", async () => {
  const file = new MemoryJournalFile();
  const journal = await openExample(file);
  const trial = await journal.begin(IALS);
  const before = file.appended;
  await journal.end(trial, {
    state: "complete",
    score: 0.2,
    curve: new Map(Array.from({ length: 20 }, (_, n) => [n, n / 100])),
  });
  assertEquals(file.appended - before, 1);
  assertEquals(journal.trials[trial]!.intermediateValues.size, 20);
});

Deno.test("StudyJournal keeps trials apart that begin and end at the same time", async () => {
  const file = new MemoryJournalFile();
  const journal = await openExample(file);
  const numbers = await Promise.all(
    [1e-3, 1e-2, 0.1].map(async (reg) => {
      const trial = await journal.begin({
        ...IALS,
        params: { ...IALS.params, reg },
      });
      const curve = new Map([[5, reg]]);
      await journal.end(trial, { state: "complete", score: reg, curve });
      return trial;
    }),
  );
  assertEquals(numbers, [0, 1, 2]);
  for (const { params, values, intermediateValues } of journal.trials) {
    const reg = params["IALS.reg"];
    assertEquals([values, intermediateValues.get(5)], [[reg], reg]);
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
  const end = (score: number) =>
    journal.end(first, { state: "complete", score });
  const failures = await Promise.allSettled([
    end(0.1),
    end(0.2),
    journal.begin(IALS),
  ]);
  assert(failures.every(({ status }) => status === "rejected"));
  // What could not be written did not happen.
  assertEquals(journal.trials.map(({ state }) => state), ["running"]);
  file.room = Infinity;
  await assertRejects(() => end(0.3), Error, "No space");

  const warnings: unknown[] = [];
  const reopened = await openExample(
    file,
    (...warning) => warnings.push(warning),
  );
  assertEquals(warnings, [
    ["study_journal_cut", { path: "study.journal", removed_bytes: 20 }],
    ["study_trial_interrupted", { trial: 0 }],
  ]);
  assertEquals(reopened.trials.map(({ state }) => state), ["failed"]);
  assertEquals(await reopened.begin(IALS), 1);
  assertEquals((await openExample(file)).trials.length, 2);
});
