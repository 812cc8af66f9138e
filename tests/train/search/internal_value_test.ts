import { assertEquals } from "@std/assert";
import type { Dimension } from "../../../algorithms/algorithm.ts";
import {
  toExternal,
  toInternal,
} from "../../../train/search/internal_value.ts";

const CHOICES: Dimension = {
  type: "categorical",
  choices: [false, true, "1", 1],
};
const NUMBER: Dimension = { type: "float", low: 0, high: 1 };
const LOG: Dimension = { type: "int", low: 1, high: 9, log: true };

Deno.test("toInternal() gives choices their index and numbers themselves, and toExternal() takes them back", () => {
  const cases: [Dimension, string | number | boolean, number][] = [
    [CHOICES, false, 0],
    [CHOICES, "1", 2],
    [CHOICES, 1, 3],
    [NUMBER, 0.25, 0.25],
    [NUMBER, -3, -3],
    [LOG, 7, 7],
  ];
  for (const [dimension, value, internal] of cases) {
    assertEquals(toInternal(dimension, value), internal);
    assertEquals(toExternal(dimension, internal), value);
  }
});

Deno.test("toInternal() has no number for other choices, other kinds and logarithms that are none", () => {
  assertEquals(toInternal(CHOICES, "true"), null);
  assertEquals(toInternal(NUMBER, "0.25"), null);
  assertEquals(toInternal(LOG, 0), null);
});
