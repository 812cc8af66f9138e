import { assertAlmostEquals, assertEquals } from "@std/assert";
import {
  denseWeights,
  largestWeights,
} from "../../algorithms/inverse_weights.ts";
import { createRandom } from "../../core/kernels/create_random.ts";
import { toDense } from "../core/kernels/matrices.ts";
import { testEach } from "../core/kernels/test_each.ts";

const ITEMS = 50;

testEach(
  "largestWeights() are those of denseWeights(), the largest of each item of the history",
  async (kernels) => {
    const random = createRandom(6);
    const tiles = kernels.symmetricTiles(ITEMS);
    for (const tile of tiles.tiles()) {
      for (let n = 0; n < tile.length; n++) tile[n] = 0.01 * random.normal();
    }
    for (let item = 0; item < ITEMS; item++) {
      tiles.addToDiagonal(item, 1 + random.float());
    }
    const all = denseWeights(tiles);
    const { signal } = new AbortController();
    const some = toDense(await largestWeights(tiles, 7, kernels, signal));
    for (let item = 0; item < ITEMS; item++) {
      const row = [...all.subarray(item * ITEMS, (item + 1) * ITEMS)];
      assertEquals(row[item], 0);
      const least = row.map(Math.abs).sort((a, b) => b - a)[6]!;
      assertEquals(
        some[item]!.map((weight) => weight !== null),
        row.map((weight) => Math.abs(weight) >= least),
      );
      some[item]!.forEach((weight, target) =>
        assertAlmostEquals(weight ?? row[target]!, row[target]!, 1e-8)
      );
    }
    kernels.releaseTiles(tiles);
  },
);
