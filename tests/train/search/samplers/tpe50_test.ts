import { assert, assertEquals } from "@std/assert";
import type { Params } from "../../../../train/search/draw.ts";
import type { Sampler } from "../../../../train/search/sampler.ts";
import { tpe49 } from "../../../../train/search/samplers/tpe49.ts";
import { tpe50 } from "../../../../train/search/samplers/tpe50.ts";
import type { StudyTrial } from "../../../../train/search/study_trial.ts";
import {
  difference,
  paramsOf,
  readFixture,
  studyTrial,
  type Suggestions50,
} from "./tpe_fixtures.ts";

const { space, history, suggestions, unpatched } = await readFixture<
  Suggestions50
>("tpe50.json");
const TRIALS = history.map((row, number) => studyTrial(space, row, number));

/** Where 200 and 200 draws from one distribution differ by more once in a thousand times. */
const CRITICAL = 1.949 * Math.sqrt(2 / 200);

/** Kolmogorov–Smirnov statistic per parameter, between Optuna's own suggestions and a sampler's by other seeds. */
function distances(sampler: (seed: number) => Sampler): number[] {
  const ours = unpatched.map((_, n) => sampler(1000 + n).ask(TRIALS)!);
  return Object.entries(space).map(([name, dimension], parameter) => {
    const place = (value: Params[string]) =>
      dimension.type === "categorical"
        ? dimension.choices.indexOf(value)
        : Number(value);
    return kolmogorovSmirnov(
      ours.map((params) => place(params[name]!)),
      unpatched.map((values) => place(values[parameter]!)),
    );
  });
}

function kolmogorovSmirnov(a: readonly number[], b: readonly number[]): number {
  const share = (values: readonly number[], most: number) =>
    values.filter((value) => value <= most).length / values.length;
  return Math.max(
    ...[...a, ...b].map((value) => Math.abs(share(a, value) - share(b, value))),
  );
}

Deno.test("tpe50() suggests what Optuna 5.0 does, by 200 seeds after 60 trials of which some run, were pruned or failed", () => {
  assertEquals(suggestions.length, 200);
  for (const [seed, values] of suggestions.entries()) {
    const params = tpe50(space, seed).ask(TRIALS)!;
    const error = difference(params, paramsOf(space, values));
    assert(error < 1e-9, `seed ${seed} is off by ${error}`);
  }
});

Deno.test("tpe50() by other seeds is distributed as Optuna 5.0, which tpe49() is not", () => {
  assertEquals(unpatched.length, 200);
  const distance = Math.max(...distances((seed) => tpe50(space, seed)));
  assert(distance < CRITICAL, `${distance} of ${CRITICAL}`);
  const other = Math.max(...distances((seed) => tpe49(space, seed)));
  assert(other > CRITICAL, `${other} of ${CRITICAL}`);
});

Deno.test("tpe50() keeps away from running trials", () => {
  const line = { x: { type: "float", low: 0, high: 1 } } as const;
  const trial = (number: number, x: number): StudyTrial => ({
    number,
    state: "complete",
    params: { x },
    score: -Math.abs(x - 0.5),
    curve: new Map(),
  });
  const trials = Array.from({ length: 20 }, (_, n) => trial(n, n / 20));
  const running = Array.from({ length: 10 }, (_, n) => ({
    ...trial(20 + n, 0.5),
    state: "running" as const,
    score: null,
  }));
  const distance = (known: readonly StudyTrial[]) => {
    let sum = 0;
    for (let seed = 0; seed < 50; seed++) {
      sum += Math.abs(Number(tpe50(line, seed).ask(known)!.x) - 0.5);
    }
    return sum / 50;
  };
  assert(distance([...trials, ...running]) > 2 * distance(trials));
});

Deno.test("tpe50() draws a parameter that some trial lacks from a density of its own", () => {
  const partial = TRIALS.map((trial): StudyTrial => {
    const { weighting: _, ...params } = trial.params;
    return trial.number === 3 ? { ...trial, params } : trial;
  });
  const params = tpe50(space, 0).ask(partial)!;
  assertEquals(Object.keys(params), Object.keys(space));
  const { weighting: _, ...others } = space;
  const { weighting: __, ...known } = params;
  assertEquals(tpe50(others, 0).ask(partial), known);
});
