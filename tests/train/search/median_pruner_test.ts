import { assertEquals } from "@std/assert";
import { MedianPruner } from "../../../train/search/median_pruner.ts";

/** A pruner that was told of trials of `A`, by their scores after epoch 5. */
function prunerAfter(scores: readonly number[]): MedianPruner {
  const pruner = new MedianPruner();
  for (const score of scores) pruner.finish("A", curve([5, score]));
  return pruner;
}

function curve(...points: [epoch: number, score: number][]): number[] {
  const scores: number[] = [];
  for (const [epoch, score] of points) scores[epoch] = score;
  return scores;
}

Deno.test("MedianPruner stops what is below the median, strictly, of odd and of even counts", () => {
  const odd = prunerAfter([0.5, 0.1, 0.3, 0.2, 0.4]);
  assertEquals(odd.isHopeless("A", 5, 0.2999), true);
  assertEquals(odd.isHopeless("A", 5, 0.3), false);
  const even = prunerAfter([0.5, 0.1, 0.3, 0.2, 0.4, 0.6]);
  assertEquals(even.isHopeless("A", 5, 0.3499), true);
  assertEquals(even.isHopeless("A", 5, 0.3501), false);
});

Deno.test("MedianPruner's median is numpy's to the last bit", () => {
  // np.nanpercentile([0.22, 0.93], 50) is 0.575, where half the sum is 0.5750000000000001.
  const pruner = prunerAfter([0.22, 0.22, 0.22, 0.93, 0.93, 0.93]);
  assertEquals(pruner.isHopeless("A", 5, 0.575), false);
  assertEquals(pruner.isHopeless("A", 5, 0.5749999999999999), true);
});

Deno.test("MedianPruner lets all run before five trials have ended", () => {
  assertEquals(prunerAfter([1, 1, 1, 1]).isHopeless("A", 5, 0), false);
  assertEquals(prunerAfter([1, 1, 1, 1]).isHopeless("A", 5, NaN), false);
  assertEquals(prunerAfter([1, 1, 1, 1, 1]).isHopeless("A", 5, 0), true);
});

Deno.test("MedianPruner stops a trial without a number, with or without peers", () => {
  const pruner = prunerAfter([1, 2, 3, 4, 5]);
  assertEquals(pruner.isHopeless("A", 5, NaN), true);
  assertEquals(pruner.isHopeless("A", 10, NaN), true);
});

Deno.test("MedianPruner passes NaN of peers over, and keeps a trial that has no peer at its epoch", () => {
  const pruner = prunerAfter([NaN, 0.1, NaN, 0.3, NaN]);
  assertEquals(pruner.isHopeless("A", 5, 0.19), true);
  assertEquals(pruner.isHopeless("A", 5, 0.21), false);
  assertEquals(pruner.isHopeless("A", 10, 0), false);
  assertEquals(prunerAfter(Array(5).fill(NaN)).isHopeless("A", 5, 0), false);
});

Deno.test("MedianPruner compares a trial with those of its algorithm after as many epochs", () => {
  const pruner = new MedianPruner();
  for (let n = 0; n < 5; n++) {
    pruner.finish("A", curve([5, 0.1], [10, 0.9]));
    pruner.finish("B", curve([5, 0.8]));
  }
  assertEquals(pruner.isHopeless("A", 5, 0.5), false);
  assertEquals(pruner.isHopeless("A", 10, 0.5), true);
  assertEquals(pruner.isHopeless("B", 5, 0.5), true);
  assertEquals(pruner.isHopeless("C", 5, 0), false);
});
