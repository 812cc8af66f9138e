import { assertEquals } from "@std/assert";
import { hopelessBelow } from "../../../train/search/hopeless_below.ts";

/** Trials that were scored after epoch 5 alone. */
function curves(...scores: number[]): ReadonlyMap<number, number>[] {
  return scores.map((score) => new Map([[5, score]]));
}

Deno.test("hopelessBelow() is the median of odd and of even counts", () => {
  assertEquals(
    hopelessBelow(curves(0.5, 0.1, 0.3, 0.2, 0.4)),
    new Map([[5, 0.3]]),
  );
  assertEquals(
    hopelessBelow(curves(0.5, 0.1, 0.25, 0.2, 0.75, 0.75)),
    new Map([[5, 0.375]]),
  );
});

Deno.test("hopelessBelow() is numpy's median to the last bit", () => {
  // np.nanpercentile([0.22, 0.93], 50) is 0.575, where half the sum is 0.5750000000000001.
  const below = hopelessBelow(curves(0.22, 0.22, 0.22, 0.93, 0.93, 0.93));
  assertEquals(below, new Map([[5, 0.575]]));
});

Deno.test("hopelessBelow() lets all run before five trials have ended", () => {
  assertEquals(hopelessBelow(curves(1, 1, 1, 1)), new Map());
});

Deno.test("hopelessBelow() passes over NaN, and epochs at which there is nothing else", () => {
  assertEquals(
    hopelessBelow(curves(NaN, 0.125, NaN, 0.375, NaN)),
    new Map([[5, 0.25]]),
  );
  assertEquals(hopelessBelow(curves(NaN, NaN, NaN, NaN, NaN)), new Map());
});

Deno.test("hopelessBelow() compares trials after as many epochs", () => {
  const long = new Map([[5, 0.1], [10, 0.9]]);
  const short = new Map([[5, 0.3]]);
  assertEquals(
    hopelessBelow([long, short, long, short, long]),
    new Map([[5, 0.1], [10, 0.9]]),
  );
});
