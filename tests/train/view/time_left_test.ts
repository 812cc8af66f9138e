import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { type SearchCourse, timeLeft } from "../../../train/view/time_left.ts";

function left(course: Partial<SearchCourse>): number | null {
  return timeLeft({
    ended: [],
    running: [],
    total: 10,
    parallelism: 1,
    flops: new Map([["A", 100]]),
    ...course,
  });
}

function ended(algorithm: string, seconds: number, flops: number | null) {
  return { algorithm, seconds, flops };
}

Deno.test("timeLeft() knows nothing before the first trial has ended", () => {
  assertEquals(left({ running: [ended("A", 1, 100)] }), null);
});

Deno.test("timeLeft() expects the trials to come to be as the ended ones", () => {
  assertEquals(
    left({ ended: [ended("A", 2, 100), ended("A", 4, 200)] }),
    8 * 3,
  );
});

Deno.test("timeLeft() measures a running trial by its operations, beside those of its algorithm", () => {
  // 0.02 s an operation: 10 s in all, 7 of them left.
  assertAlmostEquals(
    left({
      ended: [ended("A", 2, 100)],
      running: [ended("A", 3, 500)],
      total: 2,
    })!,
    7,
  );
});

Deno.test("timeLeft() has nothing left of a running trial that is over its time", () => {
  const course = {
    ended: [ended("A", 2, 100)],
    running: [ended("A", 50, 100)],
    total: 2,
  };
  assertEquals(left(course), 0);
});

Deno.test("timeLeft() expects one trial of each algorithm that had no turn, by its operations", () => {
  const flops = new Map([["A", 100], ["B", 1000]]);
  // Of three to come one is B's, with ten times the operations.
  assertAlmostEquals(
    left({ ended: [ended("A", 2, 100)], total: 4, flops })!,
    20 + 2 * 2,
  );
});

Deno.test("timeLeft() goes by the latest trials, when the search has left algorithms behind", () => {
  const flops = new Map([["A", 100], ["B", 100]]);
  const slow = Array.from({ length: 5 }, () => ended("B", 100, 100));
  const fast = Array.from({ length: 4 }, () => ended("A", 1, 100));
  assertEquals(left({ ended: [...slow, ...fast], flops }), 1);
});

Deno.test("timeLeft() expects larger models than the first ones, as the middle of their ranges tells", () => {
  const flops = new Map([["A", 900]]);
  assertAlmostEquals(
    left({ ended: [ended("A", 2, 100)], total: 3, flops })!,
    36,
  );
});

Deno.test("timeLeft() shares the work among trials at once, and is no less than the longest takes", () => {
  const course = { ended: [ended("A", 2, 100)], total: 9 };
  assertEquals(left({ ...course, parallelism: 4 }), 4);
  const long = { ...course, total: 2, running: [ended("A", 0, 1000)] };
  assertEquals(left({ ...long, parallelism: 4 }), 20);
});

Deno.test("timeLeft() does without operations where none are known", () => {
  const course = {
    ended: [ended("A", 2, null), ended("A", 4, 0)],
    running: [ended("A", 1, null)],
    total: 3,
  };
  assertEquals(left(course), 2);
  assert(left({ ...course, total: 30 })! > 2);
});
