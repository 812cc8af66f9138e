import { assert, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import type { Dimension, SearchSpace } from "../../../algorithms/algorithm.ts";
import { ALGORITHMS } from "../../../algorithms/mod.ts";
import { createRandom } from "../../../core/kernels/create_random.ts";
import { drawParams } from "../../../train/search/draw.ts";

/** Many draws from one dimension. */
function draws(dimension: Dimension, count = 4000): unknown[] {
  const random = createRandom(1);
  return Array.from(
    { length: count },
    () => drawParams({ value: dimension }, random).value,
  );
}

/** Asserts that values came as often as they should, within five standard deviations. */
function assertShares(
  values: readonly unknown[],
  shares: ReadonlyMap<unknown, number>,
): void {
  for (const value of values) assert(shares.has(value), `${value} was drawn`);
  for (const [value, share] of shares) {
    const count = values.filter((each) => each === value).length;
    const expected = values.length * share;
    const deviation = Math.sqrt(expected * (1 - share));
    assert(
      Math.abs(count - expected) < 5 * deviation,
      `${value} came ${count} times, not about ${expected}`,
    );
  }
}

Deno.test("drawParams() stays within the ranges, ints whole", () => {
  const numeric = fc.record({
    type: fc.constantFrom("int" as const, "float" as const),
    low: fc.integer({ min: 1, max: 50 }),
    extent: fc.integer({ min: 0, max: 300 }),
    log: fc.boolean(),
  });
  fc.assert(fc.property(
    numeric,
    fc.integer(),
    ({ type, low, extent, log }, seed) => {
      const high = low + extent;
      const random = createRandom(seed);
      for (let n = 0; n < 20; n++) {
        const { value } = drawParams(
          { value: { type, low, high, log } },
          random,
        );
        assert(typeof value === "number" && value >= low && value <= high);
        assert(type === "float" || Number.isInteger(value));
      }
    },
  ));
});

Deno.test("drawParams() gives every whole number its share, the ends too", () => {
  assertShares(
    draws({ type: "int", low: 3, high: 6 }),
    new Map([3, 4, 5, 6].map((value) => [value, 1 / 4])),
  );
});

Deno.test("drawParams() gives every whole number its share of the logarithm, the ends too", () => {
  const whole = Math.log(5.5 / 0.5);
  assertShares(
    draws({ type: "int", low: 1, high: 5, log: true }),
    new Map([1, 2, 3, 4, 5].map(
      (value) => [value, Math.log((value + 0.5) / (value - 0.5)) / whole],
    )),
  );
});

Deno.test("drawParams() spreads floats evenly, or evenly in the logarithm", () => {
  const quarter = (value: unknown, log: boolean) =>
    Math.floor(
      4 * (log ? Math.log10(value as number) + 4 : value as number) /
        (log ? 4 : 1),
    );
  const shares = new Map([0, 1, 2, 3].map((n) => [n, 1 / 4]));
  assertShares(
    draws({ type: "float", low: 0, high: 1 }).map((v) => quarter(v, false)),
    shares,
  );
  assertShares(
    draws({ type: "float", low: 1e-4, high: 1, log: true })
      .map((v) => quarter(v, true)),
    shares,
  );
});

Deno.test("drawParams() gives every choice its share", () => {
  const choices = ["NONE", "TF_IDF", false];
  assertShares(
    draws({ type: "categorical", choices }),
    new Map(choices.map((choice) => [choice, 1 / 3])),
  );
});

Deno.test("drawParams() draws the same from the same seed, one value after the other", () => {
  const space: SearchSpace = {
    a: { type: "float", low: 0, high: 1 },
    b: { type: "int", low: 0, high: 1000 },
  };
  const [first, second] = [createRandom(3), createRandom(3)];
  assertEquals(drawParams(space, first), drawParams(space, second));
  assertEquals(drawParams(space, first), drawParams(space, second));
  assertNotEquals(drawParams(space, first), drawParams(space, createRandom(3)));
});

for (const { name, space, params } of ALGORITHMS) {
  Deno.test(`drawParams() draws for ${name} what it accepts`, () => {
    const random = createRandom(5);
    for (let n = 0; n < 200; n++) {
      const drawn = drawParams(space, random);
      assertEquals(Object.keys(drawn), Object.keys(space));
      params.parse(drawn);
    }
  });
}
