import { checkCount, checkCsr, checkTiles } from "../check.ts";
import { SymmetricTiles } from "../symmetric_tiles.ts";
import type { TriangleKernels } from "../triangle_kernels.ts";
import type { Engine } from "./engine.ts";
import { gramTiles } from "./gram_tiles.ts";
import { invertPositiveDefinite } from "./invert_positive_definite.ts";
import { largestPerRow } from "./largest_per_row.ts";

import { sweepBytes } from "./sweep.ts";

/** Sides of tiles, multiples of 24: large ones pack less per product, small ones leave less of the last tile empty. */
const SMALL = 240;
const LARGE = 480;
/** Rows from which tiles are large. */
const MANY_ROWS = 12_000;

/** Kernels for symmetric matrices on a pool of workers. */
export function createTriangleKernels(engine: Engine): TriangleKernels {
  const { memory, pool } = engine;
  return {
    symmetricTiles(n) {
      checkCount("Number of rows", n, 0);
      const size = n < MANY_ROWS ? SMALL : LARGE;
      const count = Math.ceil(n / size);
      const length = size * size;
      const tiles = count * (count + 1) / 2;
      const work = sweepBytes(count, 4 * length, pool.threads);
      if (4 * length * tiles + work > memory.available) {
        return new SymmetricTiles(
          n,
          size,
          Array.from({ length: tiles }, () => new Float32Array(length)),
        );
      }
      const start = memory.take(4 * length * tiles);
      const { buffer } = memory.memory;
      return new SymmetricTiles(
        n,
        size,
        Array.from(
          { length: tiles },
          (_, at) => new Float32Array(buffer, start + 4 * length * at, length),
        ),
      );
    },
    releaseTiles(tiles) {
      const [first] = tiles.tiles();
      if (first) memory.free(first);
    },
    async gramTiles(matrix, tiles, signal) {
      checkCsr("matrix", matrix);
      checkTiles(matrix, tiles);
      await gramTiles(engine, matrix, tiles, signal);
    },
    async invertPositiveDefinite(tiles, signal) {
      await invertPositiveDefinite(engine, tiles, signal);
    },
    async largestPerRow(tiles, scales, topK, signal) {
      checkCount("topK", topK, 0);
      return await largestPerRow(engine, tiles, scales, topK, signal);
    },
  };
}
