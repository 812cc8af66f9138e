import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import type {
  Dimension,
  SearchSpace,
} from "../../../../algorithms/algorithm.ts";
import { goldenSection } from "../../../../train/search/samplers/golden_section.ts";
import type { StudyTrial } from "../../../../train/search/study_trial.ts";

const LOG = { type: "float", low: 1, high: 1e4, log: true } as const;

function trial(
  number: number,
  x: number,
  score: number | null,
  state: StudyTrial["state"] = "complete",
): StudyTrial {
  return { number, state, params: { x }, score, curve: new Map() };
}

/** The values tried until there is nothing more, or `most` of them. */
function search(
  dimension: Dimension,
  score: (x: number) => number,
  most = 100,
): number[] {
  const trials: StudyTrial[] = [];
  while (trials.length < most) {
    const params = goldenSection({ x: dimension }).ask(trials);
    if (params === null) break;
    const x = Number(params.x);
    trials.push(trial(trials.length, x, score(x)));
  }
  return trials.map(({ params }) => Number(params.x));
}

function best(values: readonly number[], score: (x: number) => number): number {
  return values.reduce((a, b) => score(b) > score(a) ? b : a);
}

Deno.test("goldenSection() divides in the golden ratio: each next trial where the textbook puts it", () => {
  const line = { type: "float", low: 0, high: 1 } as const;
  const golden = (Math.sqrt(5) - 1) / 2;
  // The peak is at the lower end: always the left part is kept.
  const values = search(line, (x) => -x, 5);
  const expected = [1 - golden, golden, golden ** 3, golden ** 4, golden ** 5];
  values.forEach((value, n) =>
    assert(Math.abs(value - expected[n]!) < 1e-12, `${values}`)
  );
});

Deno.test("goldenSection() finds any peak to 1/29 of the dimension in eight trials and to 1% in all, in logarithms", () => {
  fc.assert(fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (peak) => {
    const place = (x: number) => Math.log(x) / Math.log(1e4);
    const score = (x: number) => -Math.abs(place(x) - peak);
    const eight = best(search(LOG, score, 8), score);
    assert(Math.abs(place(eight) - peak) <= 1 / 29);
    const values = search(LOG, score);
    assert(values.length <= 11, `${values.length} trials`);
    assert(Math.abs(place(best(values, score)) - peak) <= 0.01);
  }));
});

Deno.test("goldenSection() finds the best of few integers, the ends included, each tried once", () => {
  for (
    const [low, high] of [[1, 2], [1, 3], [1, 8], [2, 5], [3, 40]] as const
  ) {
    for (const log of [false, true]) {
      for (let peak = low; peak <= high; peak++) {
        const score = (x: number) => -Math.abs(x - peak);
        const values = search({ type: "int", low, high, log }, score);
        assertEquals(new Set(values).size, values.length);
        assert(values.every(Number.isInteger));
        assertEquals(
          best(values, score),
          peak,
          `${low} ${high} ${log} ${values}`,
        );
      }
    }
  }
});

Deno.test("goldenSection() spreads trials at the same time and goes on where a study stopped", () => {
  const sampler = goldenSection({ x: LOG });
  const trials: StudyTrial[] = [];
  for (let n = 0; n < 6; n++) {
    trials.push(trial(n, Number(sampler.ask(trials)!.x), null, "running"));
  }
  const places = trials.map(({ params }) => Math.log10(Number(params.x)) / 4)
    .sort((a, b) => a - b);
  const gaps = [...places, 1].map((place, n) => place - (places[n - 1] ?? 0));
  assert(Math.max(...gaps) < 0.25, `${places}`);
  assert(Math.min(...gaps) > 0.05, `${places}`);
  // All that it knows are the trials.
  assertEquals(goldenSection({ x: LOG }).ask(trials), sampler.ask(trials));
});

Deno.test("goldenSection() takes failed trials for worse than any, uses pruned ones, and passes values outside over", () => {
  const sampler = goldenSection({ x: { type: "float", low: 0, high: 1 } });
  const trials = [
    trial(0, 0.382, null, "failed"),
    trial(1, 0.618, -5, "pruned"),
    trial(2, 7, 100),
  ];
  const x = Number(sampler.ask(trials)!.x);
  assert(x > 0.618 && x < 1, `${x}`);
});

Deno.test("goldenSection() refuses spaces that are not one numeric parameter", () => {
  const choice = { type: "categorical", choices: ["a", "b"] } as const;
  const spaces: SearchSpace[] = [{}, { c: choice }, { x: LOG, y: LOG }];
  for (const space of spaces) {
    assertThrows(
      () => goldenSection(space),
      TypeError,
      "one numeric parameter",
    );
  }
});

Deno.test("goldenSection() ends where a bracket's scores differ by half a percent at most, not before its ends are known", () => {
  const place = (x: number) => Math.log(x) / Math.log(1e4);
  // Like NDCG by ridge: wide and flat at its top.
  const score = (x: number) => 0.24 - 0.3 * (place(x) - 0.45) ** 2;
  const values = search(LOG, score);
  assert(values.length >= 3 && values.length <= 7, `${values}`);
  assert(score(best(values, score)) > 0.2395);
});
