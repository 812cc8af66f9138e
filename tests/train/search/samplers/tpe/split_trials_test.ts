import { assertEquals } from "@std/assert";
import { splitTrials } from "../../../../../train/search/samplers/tpe/split_trials.ts";
import type { StudyTrial } from "../../../../../train/search/study_trial.ts";

function complete(number: number, score: number): StudyTrial {
  return { number, state: "complete", params: {}, score, curve: new Map() };
}

function pruned(number: number, curve: [number, number][]): StudyTrial {
  return {
    number,
    state: "pruned",
    params: {},
    score: null,
    curve: new Map(curve),
  };
}

function numbers(trials: readonly StudyTrial[]): number[] {
  return trials.map(({ number }) => number);
}

Deno.test("splitTrials() takes the best tenth, rounded up, both sides by number", () => {
  const trials = Array.from({ length: 21 }, (_, n) => complete(n, n % 7));
  const { below, above } = splitTrials(trials.toReversed());
  // 6 is the best score; of three equal ones all are needed.
  assertEquals(numbers(below), [6, 13, 20]);
  assertEquals(above.length, 18);
  assertEquals(numbers(above), numbers(above).toSorted((a, b) => a - b));
});

Deno.test("splitTrials() takes 25 of 300, of equal scores the first", () => {
  const trials = Array.from({ length: 300 }, (_, n) => complete(n, 1));
  assertEquals(
    numbers(splitTrials(trials).below),
    Array.from({ length: 25 }, (_, n) => n),
  );
});

Deno.test("splitTrials() ranks pruned trials behind complete ones, by how far they got, then by score; NaN and none last", () => {
  const trials = [
    pruned(0, []),
    pruned(1, [[5, NaN]]),
    pruned(2, [[5, 0.1], [1, 0.9]]),
    pruned(3, [[5, 0.2]]),
    pruned(4, [[10, 0.01]]),
    complete(5, 0),
  ];
  // Counts to n: trials of no other use, better than all, make the tenth as large as wanted.
  for (
    const [wanted, order] of [[5], [5, 4], [5, 4, 3], [5, 4, 3, 2], [
      5,
      4,
      3,
      2,
      1,
    ]].entries()
  ) {
    const count = 10 * (wanted + 1);
    const failures = Array.from(
      { length: count - trials.length },
      (_, n) => pruned(100 + n, []),
    );
    const { below } = splitTrials([...trials, ...failures]);
    assertEquals(numbers(below), order.toSorted());
  }
});

Deno.test("splitTrials() puts running trials above without counting them and leaves failed ones out", () => {
  const running = {
    ...complete(10, 0),
    state: "running",
    score: null,
  } as const;
  const failed = { ...running, number: 11, state: "failed" } as const;
  const trials = Array.from({ length: 10 }, (_, n) => complete(n, n));
  const { below, above } = splitTrials([running, failed, ...trials]);
  assertEquals(numbers(below), [9]);
  assertEquals(numbers(above), [0, 1, 2, 3, 4, 5, 6, 7, 8, 10]);
});
