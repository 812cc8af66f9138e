import { assertEquals } from "@std/assert";
import {
  denseWeights,
  largestWeights,
} from "../../algorithms/inverse_weights.ts";
import { createRandom } from "../../core/kernels/create_random.ts";
import { toDense } from "../core/kernels/matrices.ts";
import { testEach } from "../core/kernels/test_each.ts";

const ITEMS = 50;

testEach(
  "largestWeights() are those of denseWeights(), the largest of each target",
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
    for (let target = 0; target < ITEMS; target++) {
      const column = Array.from(
        { length: ITEMS },
        (_, item) => all[item * ITEMS + target]!,
      );
      assertEquals(column[target], 0);
      const least = column.map(Math.abs).sort((a, b) => b - a)[6]!;
      assertEquals(
        some.map((row) => row[target]),
        column.map((weight) => Math.abs(weight) >= least ? weight : null),
      );
    }
    kernels.releaseTiles(tiles);
  },
);
