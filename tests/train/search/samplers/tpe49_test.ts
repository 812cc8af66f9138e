import { assert, assertEquals } from "@std/assert";
import { tpe49 } from "../../../../train/search/samplers/tpe49.ts";
import type { StudyTrial } from "../../../../train/search/study_trial.ts";
import {
  difference,
  paramsOf,
  readFixture,
  type Study49,
  studyTrial,
} from "./tpe_fixtures.ts";

for (const study of await readFixture<readonly Study49[]>("tpe49.json")) {
  const { name, seed, space, trials: rows } = study;

  Deno.test(`tpe49() suggests what Optuna 4.9 does in 200 trials: ${name}`, () => {
    assertEquals(rows.length, 200);
    const sampler = tpe49(space, seed);
    const trials: StudyTrial[] = [];
    for (const [number, row] of rows.entries()) {
      const params = sampler.ask(trials)!;
      const error = difference(params, paramsOf(space, row[1]));
      assert(error < 1e-9, `trial ${number} is off by ${error}`);
      // The study goes on with our own values, so that differences would add up.
      trials.push(studyTrial(space, row, number, params));
    }
  });
}

Deno.test("tpe49() is blind to running trials, and to the order it is told of others", async () => {
  const [{ space, seed, trials: rows }] = await readFixture<[Study49]>(
    "tpe49.json",
  );
  const trials = rows.slice(0, 40).map((row, n) => studyTrial(space, row, n));
  const running = studyTrial(space, ["running", rows[40]![1]], 40);
  assertEquals(
    tpe49(space, seed).ask([running, ...trials.toReversed()]),
    tpe49(space, seed).ask(trials),
  );
});

Deno.test("tpe49() gives a parameter with one value that value and draws nothing for it", () => {
  const space = { x: { type: "float", low: 0, high: 1 } } as const;
  const wider = {
    only: { type: "categorical", choices: ["a"] },
    three: { type: "int", low: 3, high: 3 },
    ...space,
  } as const;
  assertEquals(tpe49(wider, 1).ask([]), {
    only: "a",
    three: 3,
    ...tpe49(space, 1).ask([]),
  });
  assertEquals(tpe49({}, 1).ask([]), {});
});

Deno.test("tpe49() learns from trials that lack a parameter or have a value that the space has no more", () => {
  const space = {
    kind: { type: "categorical", choices: ["a", "b"] },
    x: { type: "float", low: 0, high: 1 },
  } as const;
  const trials = Array.from({ length: 30 }, (_, number): StudyTrial => ({
    number,
    state: "complete",
    params: number % 2 === 0
      ? { kind: "gone" }
      : { kind: number > 20 ? "b" : "a", x: number / 30 },
    score: number,
    curve: new Map(),
  }));
  const { kind, x } = tpe49(space, 1).ask(trials)!;
  assertEquals(kind, "b");
  assert(typeof x === "number" && x > 0.7 && x <= 1, `${x}`);
});
