import { assertEquals, assertThrows } from "@std/assert";
import type { Dimension } from "../../../../algorithms/algorithm.ts";
import { distributionOf } from "../../../../train/search/journal/distribution.ts";
import type { Entry } from "../../../../train/search/journal/entry.ts";
import { JournalReplay } from "../../../../train/search/journal/journal_replay.ts";

function replay(...entries: Entry[]): JournalReplay {
  const replay = new JournalReplay();
  for (const entry of entries) replay.apply(entry);
  return replay;
}

function study(study_name: string): Entry {
  return { op_code: 0, study_name, directions: [1] };
}

function trial(study_id: number): Entry {
  return {
    op_code: 4,
    study_id,
    datetime_start: "2026-01-01T00:00:00.000000+00:00",
  };
}

function parameter(
  trial_id: number,
  dimension: Dimension,
  value: number,
): Entry {
  return {
    op_code: 5,
    trial_id,
    param_name: "x",
    param_value_internal: value,
    distribution: JSON.stringify(distributionOf(dimension)),
  };
}

function state(trial_id: number, code: number): Entry {
  return {
    op_code: 6,
    trial_id,
    state: code,
    values: [0.5],
    datetime_complete: "2026-01-01T00:01:00.000000+00:00",
  };
}

Deno.test("JournalReplay counts trials over all studies and numbers them within each", () => {
  const { studies, nextTrialId } = replay(
    study("a"),
    study("b"),
    trial(1),
    trial(0),
    trial(1),
  );
  assertEquals(nextTrialId, 3);
  assertEquals(
    studies.map((
      { id, trials },
    ) => [id, trials.map(({ id, number }) => [id, number])]),
    [[0, [[1, 0]]], [1, [[0, 0], [2, 1]]]],
  );
});

Deno.test("JournalReplay takes a second study of a name for nothing, unless the first was deleted", () => {
  const twice = replay(study("a"), study("a"));
  assertEquals([twice.studies.length, twice.nextStudyId], [1, 1]);
  const { studies } = replay(
    study("a"),
    { op_code: 1, study_id: 0 },
    study("a"),
  );
  assertEquals(studies.map(({ id, name }) => [id, name]), [[1, "a"]]);
});

Deno.test("JournalReplay takes what is said of a study or a trial that is not there for nothing", () => {
  const { studies, nextTrialId } = replay(
    study("a"),
    trial(7),
    state(0, 1),
    { op_code: 2, study_id: 7, user_attr: { a: 1 } },
    { op_code: 7, trial_id: 3, step: 1, intermediate_value: 1 },
    { op_code: 10 },
  );
  assertEquals(nextTrialId, 0);
  assertEquals(studies[0]!.userAttributes, {});
});

Deno.test("JournalReplay does not change a trial that has ended", () => {
  const ends = replay(study("a"), trial(0), state(0, 2));
  const before = structuredClone(ends.studies[0]!.trials[0]!.state);
  const entries: Entry[] = [
    parameter(0, { type: "float", low: 0, high: 1 }, 0.5),
    state(0, 1),
    { op_code: 7, trial_id: 0, step: 1, intermediate_value: 1 },
    { op_code: 8, trial_id: 0, user_attr: { a: 1 } },
    { op_code: 9, trial_id: 0, system_attr: { a: 1 } },
  ];
  for (const entry of entries) ends.apply(entry);
  const [only] = ends.studies[0]!.trials;
  assertEquals(before, "pruned");
  assertEquals(only!.state, "pruned");
  assertEquals([only!.params, only!.userAttributes, only!.systemAttributes], [
    {},
    {},
    {},
  ]);
  assertEquals(only!.intermediateValues.size, 0);
});

Deno.test("JournalReplay drops a parameter of another kind than an earlier trial's, within a study", () => {
  const float = { type: "float", low: 0, high: 1 } as const;
  const { studies } = replay(
    study("a"),
    study("b"),
    trial(0),
    trial(0),
    trial(1),
    parameter(0, float, 0.25),
    parameter(1, { type: "int", low: 0, high: 9 }, 5),
    parameter(2, { type: "int", low: 0, high: 9 }, 5),
  );
  assertEquals(
    studies.flatMap(({ trials }) => trials.map(({ params }) => params)),
    [{ x: 0.25 }, {}, { x: 5 }],
  );
});

Deno.test("JournalReplay starts a waiting trial once and keeps values that a state does not bring", () => {
  const start = (time: string): Entry => ({
    op_code: 6,
    trial_id: 0,
    state: 0,
    values: null,
    datetime_start: time,
  });
  const { studies } = replay(
    study("a"),
    { op_code: 4, study_id: 0, state: 4, value: 3, datetime_start: null },
    start("2026-01-01T00:00:00+00:00"),
    start("2026-01-02T00:00:00+00:00"),
  );
  const { state, started, values } = studies[0]!.trials[0]!;
  assertEquals(state, "running");
  assertEquals(started?.toISOString(), "2026-01-01T00:00:00.000Z");
  assertEquals(values, [3]);
});

Deno.test("JournalReplay refuses states, times and distributions that it cannot read, and changes nothing", () => {
  const running = replay(study("a"), trial(0));
  const entries: [Entry, string][] = [
    [state(0, 9), "9 is not the state"],
    [{
      op_code: 6,
      trial_id: 0,
      state: 1,
      values: [1],
      datetime_complete: "noon",
    }, "noon"],
    [
      {
        ...parameter(0, { type: "int", low: 0, high: 1 }, 1),
        distribution: "{",
      } as Entry,
      "",
    ],
    [
      { op_code: 4, study_id: 0, params: { x: 1 }, distributions: {} },
      "x has no distribution",
    ],
  ];
  for (const [entry, message] of entries) {
    assertThrows(() => running.apply(entry), SyntaxError, message);
  }
  const [study_] = running.studies;
  assertEquals(
    study_!.trials.map(({ state, values, params }) => [state, values, params]),
    [
      ["running", null, {}],
    ],
  );
});
