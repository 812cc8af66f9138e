import { assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { listDiversity } from "../../train/list_diversity.ts";
import { fromDense } from "../core/kernels/matrices.ts";

const NOBODY = fromDense([[null, null, null, null]]);

for (
  const [listed, gini] of [
    [[5, 5, 5, 5], 0],
    [[0, 0, 0, 9], 3 / 4],
    // Counts 1 2 3 4: (-3·1 - 1·2 + 1·3 + 3·4) / (4·10).
    [[3, 1, 4, 2], 1 / 4],
    [[0, 0, 1, 1], 1 / 2],
  ] as const
) {
  Deno.test(`listDiversity() finds gini ${gini} where items are listed ${listed} times`, () => {
    const found = listDiversity(Uint32Array.from(listed), NOBODY);
    assertAlmostEquals(found.gini, gini, 1e-12);
  });
}

Deno.test("listDiversity() finds as gini half the mean difference of two items, by their mean", () => {
  const counts = fc.array(fc.nat(20), { minLength: 1, maxLength: 12 })
    .filter((counts) => counts.some((count) => count > 0));
  fc.assert(fc.property(counts, (counts) => {
    const differences = counts.flatMap((a) => counts.map((b) => a - b));
    const total = counts.reduce((sum, count) => sum + count, 0);
    const { gini } = listDiversity(Uint32Array.from(counts), NOBODY);
    assertAlmostEquals(
      gini,
      differences.reduce((sum, each) => sum + Math.abs(each), 0) /
        (2 * counts.length * total),
      1e-12,
    );
  }));
});

Deno.test("listDiversity() finds as novelty the bits that the users of a listed item tell, nobody like one of them", () => {
  // Of four users who have anything, item 0 has four, 1 has two, 2 has one, 3 nobody.
  const histories = fromDense([
    [1, 1, 1, null],
    [1, 7, null, null],
    [1, null, null, null],
    [1, null, null, null],
    [null, null, null, null],
  ]);
  const novelty = (...listed: number[]) =>
    listDiversity(Uint32Array.from(listed), histories).novelty;
  assertEquals(novelty(9, 0, 0, 0), 0);
  assertEquals(novelty(0, 9, 0, 0), 1);
  assertEquals(novelty(0, 0, 9, 0), 2);
  assertEquals(novelty(0, 0, 0, 9), 2);
  assertEquals(novelty(2, 1, 1, 0), (2 * 0 + 1 + 2) / 4);
});

Deno.test("listDiversity() covers the items that are in any list", () => {
  assertEquals(listDiversity(Uint32Array.of(0, 3, 0, 1), NOBODY).coverage, 0.5);
});

Deno.test("listDiversity() is all zeros where nothing is listed", () => {
  assertEquals(listDiversity(new Uint32Array(4), NOBODY), {
    coverage: 0,
    novelty: 0,
    gini: 0,
  });
});
