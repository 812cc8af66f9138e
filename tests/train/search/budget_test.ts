import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { RecotemError } from "../../../core/errors.ts";
import { allocateTrials } from "../../../train/search/budget.ts";

/** Algorithms by one letter; `T` has nothing to search. */
function candidates(names: string): { name: string; searchable: boolean }[] {
  return [...names].map((name) => ({ name, searchable: name !== "T" }));
}

type Trials = Readonly<Record<string, number>>;

const TABLE: Readonly<
  Record<
    string,
    readonly (readonly [
      names: string,
      total: number,
      overrides: Trials | null,
      expected: Trials,
    ])[]
  >
> = {
  "shares evenly without overrides, the first ones take the remainder": [
    ["ABC", 9, null, { A: 3, B: 3, C: 3 }],
    ["ABC", 10, null, { A: 4, B: 3, C: 3 }],
    ["ABC", 11, {}, { A: 4, B: 4, C: 3 }],
    ["ABC", 2, null, { A: 1, B: 1 }],
  ],
  "gives one trial to what has nothing to search, and none when they are short":
    [
      ["TA", 40, null, { T: 1, A: 39 }],
      ["ATB", 10, null, { A: 5, T: 1, B: 4 }],
      ["TAB", 3, null, { T: 1, A: 1, B: 1 }],
      ["TAB", 2, null, { A: 1, B: 1 }],
      ["T", 5, null, { T: 5 }],
    ],
  "leaves out what is named with 0 or less": [
    ["AB", 10, { A: 0 }, { B: 10 }],
    ["AB", 10, { A: -3 }, { B: 10 }],
    ["AB", 10, { A: 0, B: 4 }, { B: 10 }],
    ["ABC", 5, { A: 0 }, { B: 3, C: 2 }],
  ],
  "takes 0 for all as no override": [
    ["AB", 5, { A: 0, B: 0 }, { A: 3, B: 2 }],
    ["TA", 5, { T: 0, A: 0 }, { T: 1, A: 4 }],
  ],
  "scales down a sum above the total, each at least one": [
    ["AB", 20, { A: 30, B: 10 }, { A: 15, B: 5 }],
    ["AB", 10, { A: 100, B: 1 }, { A: 9, B: 1 }],
    ["ABC", 4, { A: 50, B: 1, C: 1 }, { A: 2, B: 1, C: 1 }],
    ["ABC", 7, { A: 3, B: 3, C: 3 }, { A: 3, B: 2, C: 2 }],
    ["AB", 20, { A: 30 }, { A: 20 }],
  ],
  "gives the first ones one each when there are fewer trials than entries": [
    ["ABC", 2, { A: 5, B: 5, C: 5 }, { A: 1, B: 1 }],
    ["ABC", 2, { A: 0, B: 5, C: 5 }, { B: 1, C: 1 }],
    ["ABC", 1, { B: 1, C: 9 }, { B: 1 }],
  ],
  "shares what is left evenly among those not named": [
    ["ABC", 10, { A: 4 }, { A: 4, B: 3, C: 3 }],
    ["ABC", 10, { B: 3 }, { A: 4, B: 3, C: 3 }],
    ["ATB", 10, { A: 4 }, { A: 4, T: 1, B: 5 }],
    ["AB", 10, { A: 10 }, { A: 10 }],
  ],
  "gives what is left to the last positive one when all are named": [
    ["AB", 10, { A: 2, B: 3 }, { A: 2, B: 8 }],
    ["ABC", 10, { A: 2, B: 3, C: 0 }, { A: 2, B: 8 }],
    ["AT", 10, { A: 2, T: 2 }, { A: 2, T: 8 }],
  ],
};

for (const [rule, rows] of Object.entries(TABLE)) {
  Deno.test(`allocateTrials() ${rule}`, () => {
    for (const [names, total, overrides, expected] of rows) {
      const budget = allocateTrials(candidates(names), total, overrides);
      assertEquals([...budget], Object.entries(expected));
    }
  });
}

Deno.test("allocateTrials() hands out the total, whatever is asked for", () => {
  fc.assert(fc.property(
    fc.constantFrom("A", "T", "AB", "TA", "ATB", "ABCD"),
    fc.integer({ min: 1, max: 60 }),
    fc.dictionary(
      fc.constantFrom(..."ABCDT"),
      fc.integer({ min: -2, max: 90 }),
    ),
    (names, total, wanted) => {
      const overrides = Object.fromEntries(
        Object.entries(wanted).filter(([name]) => names.includes(name)),
      );
      const budget = allocateTrials(candidates(names), total, overrides);
      const counts = [...budget.values()];
      assertEquals(counts.reduce((a, b) => a + b, 0), total);
      assertEquals(counts.filter((count) => !(count >= 1)), []);
    },
  ));
});

Deno.test("allocateTrials() refuses to try nothing", () => {
  const error = assertThrows(() => allocateTrials([], 10, null), RecotemError);
  assertEquals([error.code, error.exitCode], ["no_active_algorithms", 4]);
});
