import { assert, assertEquals, assertThrows } from "@std/assert";
import type { Dimension } from "../../../../algorithms/algorithm.ts";
import {
  distributionOf,
  isCompatible,
  parseDistribution,
  valueOf,
} from "../../../../train/search/journal/distribution.ts";

/** Dimension → what Optuna 5.0's distribution_to_json gives. */
const KNOWN: readonly (readonly [Dimension, string])[] = [
  [
    { type: "float", low: 1e-4, high: 0.1, log: true },
    '{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0001, "high": 0.1, "log": true}}',
  ],
  [
    { type: "float", low: 0, high: 1000 },
    '{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 1000.0, "log": false}}',
  ],
  [
    { type: "int", low: 4, high: 300 },
    '{"name": "IntDistribution", "attributes": {"log": false, "step": 1, "low": 4, "high": 300}}',
  ],
  [
    { type: "int", low: 1, high: 512, log: true },
    '{"name": "IntDistribution", "attributes": {"log": true, "step": 1, "low": 1, "high": 512}}',
  ],
  [
    { type: "categorical", choices: ["bpr", true, 2.5] },
    '{"name": "CategoricalDistribution", "attributes": {"choices": ["bpr", true, 2.5]}}',
  ],
];

Deno.test("distributionOf() is what Optuna writes, and parseDistribution() reads it", () => {
  for (const [dimension, text] of KNOWN) {
    assertEquals(distributionOf(dimension), parseDistribution(text));
    assertEquals(
      JSON.stringify(distributionOf(dimension)),
      JSON.stringify(JSON.parse(text)),
    );
  }
});

Deno.test("valueOf() takes indices for choices and numbers for themselves", () => {
  const [float, , , , choices] = KNOWN.map(([dimension]) =>
    distributionOf(dimension)
  );
  assertEquals(valueOf(float!, 0.01), 0.01);
  assertEquals([0, 1, 2].map((index) => valueOf(choices!, index)), [
    "bpr",
    true,
    2.5,
  ]);
});

Deno.test("isCompatible() allows other ends, but no other class, scale or choices", () => {
  const of = (dimension: Dimension) => distributionOf(dimension);
  const float = of({ type: "float", low: 0, high: 1 });
  assert(isCompatible(float, of({ type: "float", low: -5, high: 7 })));
  assert(!isCompatible(float, of({ type: "int", low: 0, high: 1 })));
  assert(
    !isCompatible(float, of({ type: "float", low: 1, high: 2, log: true })),
  );
  const choices = of({ type: "categorical", choices: ["a", "b"] });
  assert(
    isCompatible(choices, of({ type: "categorical", choices: ["a", "b"] })),
  );
  assert(
    !isCompatible(choices, of({ type: "categorical", choices: ["b", "a"] })),
  );
});

Deno.test("parseDistribution() refuses other JSON", () => {
  for (
    const text of ["null", "[]", '{"name": "X"}', '{"attributes": {}}', "{"]
  ) {
    assertThrows(() => parseDistribution(text), SyntaxError, undefined, text);
  }
});
