import { assertEquals } from "@std/assert";
import { MedianPruner } from "../../../train/search/median_pruner.ts";

/** Scores after epochs 5, 10 and so on. */
function curve(...scores: readonly (number | undefined)[]): (
  | number
  | undefined
)[] {
  const byEpoch: (number | undefined)[] = [];
  for (const [n, score] of scores.entries()) byEpoch[5 * (n + 1)] = score;
  return byEpoch;
}

function finished(...curves: readonly (number | undefined)[][]): MedianPruner {
  const pruner = new MedianPruner();
  for (const scores of curves) pruner.finish("IALS", scores);
  return pruner;
}

Deno.test("MedianPruner lets all run until five trials have finished", () => {
  const pruner = new MedianPruner();
  for (let n = 0; n < 5; n++) {
    assertEquals(pruner.isHopeless("IALS", 5, 0), false);
    pruner.finish("IALS", curve(9));
  }
  assertEquals(pruner.isHopeless("IALS", 5, 0), true);
});

Deno.test("MedianPruner stops a trial whose best is below the middle one of an odd number", () => {
  const pruner = finished(curve(1), curve(5), curve(2), curve(4), curve(3));
  assertEquals(pruner.isHopeless("IALS", 5, 2.99), true);
  assertEquals(pruner.isHopeless("IALS", 5, 3), false);
});

Deno.test("MedianPruner stops a trial whose best is below the mean of the middle two of an even number", () => {
  const pruner = finished(
    ...[6, 1, 5, 2, 4, 3].map((score) => curve(score)),
  );
  assertEquals(pruner.isHopeless("IALS", 5, 3.49), true);
  assertEquals(pruner.isHopeless("IALS", 5, 3.5), false);
});

Deno.test("MedianPruner compares with the scores at that epoch, not with the best", () => {
  const pruner = finished(...Array.from({ length: 5 }, () => curve(9, 4)));
  assertEquals(pruner.isHopeless("IALS", 10, 5), false);
  assertEquals(pruner.isHopeless("IALS", 5, 5), true);
});

Deno.test("MedianPruner compares with those that got so far, and decides nothing where none did", () => {
  const pruner = finished(
    curve(1, 7),
    ...Array.from({ length: 4 }, () => curve(1)),
  );
  assertEquals(pruner.isHopeless("IALS", 10, 6), true);
  assertEquals(pruner.isHopeless("IALS", 10, 7), false);
  assertEquals(pruner.isHopeless("IALS", 15, 0), false);
});

Deno.test("MedianPruner counts and compares each algorithm by itself", () => {
  const pruner = finished(...Array.from({ length: 5 }, () => curve(9)));
  assertEquals(pruner.isHopeless("BPRFM", 5, 0), false);
  pruner.finish("BPRFM", curve(1));
  assertEquals(pruner.isHopeless("IALS", 5, 8), true);
});
