import { assertEquals, assertThrows } from "@std/assert";
import type { JournalStudy } from "../../../../train/search/journal/journal_study.ts";
import { readJournal } from "../../../../train/search/journal/read_journal.ts";

function testdata(name: string): URL {
  return new URL(`testdata/${name}`, import.meta.url);
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Studies as the fixtures have them: what Optuna's JournalStorage reads. */
function plain(studies: readonly JournalStudy[]): unknown {
  const values = studies.map(({ id: _, trials, ...study }) => ({
    ...study,
    trials: trials.map((trial) => ({
      number: trial.number,
      state: trial.state,
      values: trial.values,
      params: trial.params,
      intermediateValues: [...trial.intermediateValues].sort(([a], [b]) =>
        a - b
      ),
      userAttributes: trial.userAttributes,
      systemAttributes: trial.systemAttributes,
      seconds: trial.started && trial.ended &&
        seconds(trial.started, trial.ended),
    })),
  }));
  return JSON.parse(
    JSON.stringify(
      values,
      (_key, value) =>
        typeof value === "number" && !Number.isFinite(value)
          ? String(value)
          : value,
    ),
  );
}

/** Our times have milliseconds, Optuna's microseconds. */
function seconds(from: Date, to: Date): number {
  return Math.round((to.getTime() - from.getTime()) / 100) / 10;
}

for (const name of ["ours", "optuna4", "optuna5"]) {
  Deno.test(`readJournal() reads from ${name}.journal what Optuna reads`, async () => {
    const content = await Deno.readFile(testdata(`${name}.journal`));
    const { replay, length } = readJournal(content);
    const expected = JSON.parse(
      await Deno.readTextFile(testdata(`${name}.json`)),
      (key, value) =>
        key === "seconds" && value !== null
          ? Math.round(value * 10) / 10
          : value,
    );
    assertEquals(plain(replay.studies), expected);
    assertEquals(length, content.length);
  });
}

Deno.test("readJournal() passes a line over that was cut, wherever", async () => {
  const content = await Deno.readFile(testdata("ours.journal"));
  const whole = plain(readJournal(content).replay.studies);
  const start = content.lastIndexOf(10, content.length - 2) + 1;
  const before = plain(readJournal(content.subarray(0, start)).replay.studies);
  for (let end = start; end < content.length; end++) {
    const { replay, length } = readJournal(content.subarray(0, end));
    assertEquals(length, start);
    assertEquals(plain(replay.studies), before);
  }
  // Within a character of several bytes too.
  for (let end = 0; end < content.length; end++) {
    readJournal(content.subarray(0, end));
  }
  assertEquals(plain(readJournal(content).replay.studies), whole);
});

Deno.test("readJournal() reads nothing from nothing", () => {
  const { replay, length } = readJournal(bytes(""));
  assertEquals([replay.studies.length, length], [0, 0]);
});

Deno.test("readJournal() refuses lines that are no entries, and says which and why", () => {
  const first =
    '{"op_code":0,"worker_id":"w","study_name":"a","directions":[1]}\n';
  const cases = [
    [`${first}\n`, "line 2: "],
    [`${first}{"op_code":4,"worker_id":"w"}\n`, "line 2: study_id: "],
    [`${first}{"op_code":11,"worker_id":"w"}\n`, "line 2: op_code: "],
    [`${first}{"op_code":4,"worker\n${first}`, "line 2: "],
    [
      `${first}{"op_code":6,"trial_id":0,"state":1,"values":["1"]}\n`,
      "line 2: values.0: ",
    ],
    ["# my shopping list\nmilk\n", "line 1: "],
    ["milk", 'line 1: does not begin with {"op_code":'],
    [`${first}milk`, 'line 2: does not begin with {"op_code":'],
    ["[1, 2]\n", "line 1: "],
  ] as const;
  for (const [text, message] of cases) {
    const error = assertThrows(
      () => readJournal(bytes(text)),
      SyntaxError,
      message,
    );
    assertEquals(error.message.includes("\n"), false, error.message);
  }
  assertThrows(
    () => readJournal(Uint8Array.of(0xff, 0xfe, 10)),
    SyntaxError,
    "UTF-8",
  );
});
