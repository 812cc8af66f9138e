import { assert, assertEquals } from "@std/assert";
import type { Dimension } from "../../../../../algorithms/algorithm.ts";
import { Mt19937 } from "../../../../../train/search/samplers/tpe/mt19937.ts";
import { uniformValue } from "../../../../../train/search/samplers/tpe/uniform_value.ts";

function draw(dimension: Dimension, ...floats: number[]): number {
  return uniformValue(dimension, { float: () => floats.shift()! });
}

Deno.test("uniformValue() gives integers, the ends included, half a step to both sides", () => {
  const dimension = { type: "int", low: 1, high: 4 } as const;
  assertEquals(
    [0, 0.2499, 0.2501, 0.7499, 0.7501, 1 - 2 ** -53].map((u) =>
      draw(dimension, u)
    ),
    [1, 1, 2, 3, 4, 4],
  );
});

Deno.test("uniformValue() is uniform in logarithms where the dimension is", () => {
  const float = { type: "float", low: 1e-4, high: 1, log: true } as const;
  assert(Math.abs(draw(float, 0.5) - 1e-2) < 1e-16);
  const int = { type: "int", low: 1, high: 1000, log: true } as const;
  const half = Math.sqrt(0.5 * 1000.5);
  assertEquals(draw(int, 0.5), Math.round(half));
  assertEquals([0, 1 - 2 ** -53].map((u) => draw(int, u)), [1, 1000]);
});

Deno.test("uniformValue() draws once per choice and takes the largest", () => {
  const dimension = { type: "categorical", choices: ["a", "b", "c"] } as const;
  assertEquals(draw(dimension, 0.2, 0.9, 0.5), 1);
  const random = new Mt19937(3);
  const counts = [0, 0, 0];
  for (let n = 0; n < 3000; n++) counts[uniformValue(dimension, random)]!++;
  // Five standard deviations.
  for (const count of counts) assert(Math.abs(count - 1000) < 130, `${counts}`);
});
