import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Params } from "../../../../train/search/draw.ts";
import { doubling } from "../../../../train/search/samplers/doubling.ts";
import { tpe50 } from "../../../../train/search/samplers/tpe50.ts";
import type { StudyTrial } from "../../../../train/search/study_trial.ts";

const SPACE = {
  n_components: { type: "int", low: 4, high: 300 },
  reg: { type: "float", low: 1e-4, high: 1e-1, log: true },
  share: { type: "float", low: 0, high: 1 },
  steps: { type: "int", low: 1, high: 9 },
  loss: { type: "categorical", choices: ["a", "b"] },
} as const;
const OPTIONS = {
  seed: 5,
  first: 32,
  initialTrials: 6,
  followingTrials: 3,
} as const;

function trial(
  number: number,
  params: Params,
  score: number | null,
): StudyTrial {
  const state = score === null ? "running" : "complete";
  return { number, state, params, score, curve: new Map() };
}

/** Runs fifteen trials, the given score for each. */
function run(score: (params: Params, number: number) => number): StudyTrial[] {
  const sampler = doubling(SPACE, OPTIONS);
  const trials: StudyTrial[] = [];
  for (let number = 0; number < 15; number++) {
    const params = sampler.ask(trials)!;
    trials.push(trial(number, params, score(params, number)));
  }
  return trials;
}

Deno.test("doubling() gives the first size its trials and each double of it fewer, the last one all that are left", () => {
  const sizes = run(() => 0).map(({ params }) => params.n_components);
  assertEquals(sizes, [
    ...Array(6).fill(32),
    ...Array(3).fill(64),
    ...Array(3).fill(128),
    ...Array(3).fill(256),
  ]);
  const longer = { ...OPTIONS, followingTrials: 1 };
  const sampler = doubling(SPACE, longer);
  const trials: StudyTrial[] = [];
  for (let number = 0; number < 15; number++) {
    trials.push(trial(number, sampler.ask(trials)!, 0));
  }
  assertEquals(
    trials.map(({ params }) => params.n_components).slice(6),
    [64, 128, ...Array(7).fill(256)],
  );
});

Deno.test("doubling() searches the first size as tpe50() does with the size fixed", () => {
  const fixed = { type: "categorical", choices: [32] } as const;
  const inner = tpe50({ ...SPACE, n_components: fixed }, 5);
  const trials = run(() => 0).slice(0, 6);
  for (const [number, { params }] of trials.entries()) {
    assertEquals(params, inner.ask(trials.slice(0, number)));
  }
});

Deno.test("doubling() seeds each size with the next number", () => {
  const trials = run(() => 0);
  const first = trials[0]!.params;
  const around = (
    value: unknown,
    { low, high }: { low: number; high: number },
  ) => ({
    low: Math.max(low, Number(value) / 3),
    high: Math.min(high, Number(value) * 3),
  });
  const only = (value: string | number | boolean) =>
    ({ type: "categorical", choices: [value] }) as const;
  const inner = tpe50({
    n_components: only(64),
    reg: { ...SPACE.reg, ...around(first.reg, SPACE.reg) },
    share: { ...SPACE.share, ...around(first.share, SPACE.share) },
    steps: only(first.steps!),
    loss: only(first.loss!),
  }, OPTIONS.seed + 1);
  assertEquals(trials[6]!.params, inner.ask([]));
});

Deno.test("doubling() searches each next size about the best of the one before, floats within a factor of 3", () => {
  const trials = run(({ reg }) => -Math.abs(Math.log(Number(reg) / 2e-3)));
  for (const size of [64, 128, 256]) {
    const before = trials
      .filter(({ params }) => params.n_components === size / 2)
      .reduce((a, b) => b.score! > a.score! ? b : a).params;
    const own = trials.filter(({ params }) => params.n_components === size);
    for (const { params } of own) {
      for (const name of ["reg", "share"] as const) {
        const { low, high } = SPACE[name];
        const [value, centre] = [Number(params[name]), Number(before[name])];
        assert(value >= Math.max(low, centre / 3) * (1 - 1e-12), name);
        assert(value <= Math.min(high, centre * 3) * (1 + 1e-12), name);
      }
      assertEquals(params.steps, before.steps);
      assertEquals(params.loss, before.loss);
    }
    assertEquals(new Set(own.map(({ params }) => params.reg)).size, 3);
  }
});

Deno.test("doubling() keeps what it searches at a size when a trial of the size before ends late", () => {
  const make = () => doubling(SPACE, OPTIONS);
  const params = { n_components: 32, share: 0.5, steps: 1, loss: "a" };
  const trials = Array.from(
    { length: 6 },
    (_, n) => trial(n, { ...params, reg: 1e-3 }, n === 5 ? null : 0.1),
  );
  const sampler = make();
  const first = sampler.ask(trials)!;
  const late = trials.with(5, trial(5, { ...params, reg: 9e-2 }, 1));
  const second = sampler.ask([...late, trial(6, first, 0.2)])!;
  assert(Number(second.reg) < 3e-3 * (1 + 1e-12), `${second.reg}`);
  // A study that starts again knows of it.
  assert(Number(make().ask(late)!.reg) >= 3e-2 * (1 - 1e-12));
});

Deno.test("doubling() searches the whole dimension about a value that has no factors, and the whole space about none", () => {
  const params = { n_components: 32, reg: 1e-3, share: 0, steps: 2, loss: "b" };
  const trials = (score: number | null) =>
    Array.from({ length: 6 }, (_, n) => trial(n, params, score));
  const values = (score: number | null) =>
    Array.from(
      { length: 20 },
      (_, seed) => doubling(SPACE, { ...OPTIONS, seed }).ask(trials(score))!,
    );
  assert(values(0).some(({ share }) => Number(share) > 0.5));
  assert(values(0).every(({ steps }) => steps === 2));
  assert(new Set(values(null).map(({ steps }) => steps)).size > 3);
});

Deno.test("doubling() refuses a space without integer n_components and a first size outside", () => {
  const { n_components: _, ...without } = SPACE;
  assertThrows(() => doubling(without, OPTIONS), TypeError, "n_components");
  for (const first of [3, 301, NaN]) {
    assertThrows(
      () => doubling(SPACE, { ...OPTIONS, first }),
      RangeError,
      "from 4 to 300",
    );
  }
});
