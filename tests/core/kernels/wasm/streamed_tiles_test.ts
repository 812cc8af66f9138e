import { assert, assertEquals, assertRejects } from "@std/assert";
import { createRandom } from "../../../../core/kernels/create_random.ts";
import { SymmetricTiles } from "../../../../core/kernels/symmetric_tiles.ts";
import { createTriangleKernels } from "../../../../core/kernels/wasm/create_triangle_kernels.ts";
import type { Engine } from "../../../../core/kernels/wasm/engine.ts";
import { invertPositiveDefinite } from "../../../../core/kernels/wasm/invert_positive_definite.ts";
import { sweepBytes } from "../../../../core/kernels/wasm/sweep.ts";
import { randomCsr } from "../matrices.ts";
import { leave, withEngine } from "./with_engine.ts";

const SIDE = 24;
const TILE_BYTES = 4 * SIDE ** 2;

/** A diagonally dominant matrix in tiles of 24, in kernel memory if an engine is given. */
function dominant(n: number, engine?: Engine): SymmetricTiles {
  const random = createRandom(31);
  const count = Math.ceil(n / SIDE);
  const tiles = Array.from({ length: count * (count + 1) / 2 }, () => {
    const tile = engine?.memory.f32(SIDE ** 2) ?? new Float32Array(SIDE ** 2);
    for (let at = 0; at < tile.length; at++) tile[at] = random.float();
    return tile;
  });
  const matrix = new SymmetricTiles(n, SIDE, tiles);
  for (let row = 0; row < n; row++) matrix.addToDiagonal(row, n);
  return matrix;
}

/** Room for batches, scratch of two threads, the table, and `steps` blocks of `count`. */
function budgetFor(steps: number, count: number): number {
  const tiles = count * (count + 1) / 2;
  return 128 * (TILE_BYTES + 16) + 4 * TILE_BYTES + 2 ** 16 + 4 * tiles + 64 +
    steps * ((3 * count + 5) * TILE_BYTES + 8 * (count + 1));
}

function assertSameBits(actual: SymmetricTiles, expected: SymmetricTiles) {
  for (let row = 0; row < expected.n; row++) {
    for (let column = 0; column <= row; column++) {
      if (actual.at(row, column) === expected.at(row, column)) continue;
      assertEquals(actual.at(row, column), expected.at(row, column));
    }
  }
}

Deno.test("invertPositiveDefinite() gives the same bits where tiles pass through kernel memory, any number of blocks at a time", async () => {
  await withEngine(async (engine) => {
    // Large enough that eight blocks at a time take less room than the matrix.
    const n = 1295;
    const whole = dominant(n, engine);
    await invertPositiveDefinite(engine, whole);
    for (const steps of [1, 5, 8]) {
      const streamed = dominant(n);
      const taken = leave(engine, budgetFor(steps, streamed.count));
      await invertPositiveDefinite(engine, streamed);
      engine.memory.release(taken);
      assertSameBits(streamed, whole);
    }
  });
});

Deno.test("invertPositiveDefinite() refuses too little kernel memory, and names the row of a bad pivot in tiles that pass through it", async () => {
  await withEngine(async (engine) => {
    const tiles = dominant(455);
    const taken = leave(engine, budgetFor(1, 19) - 512);
    await assertRejects(
      () => invertPositiveDefinite(engine, tiles),
      RangeError,
      "bytes of kernel memory are free, must be at least",
    );
    engine.memory.release(taken);
    tiles.tile(17, 17)[5 * (SIDE + 1)] = -400;
    leave(engine, budgetFor(2, 19));
    await assertRejects(
      () => invertPositiveDefinite(engine, tiles),
      RangeError,
      `the pivot of row ${17 * SIDE + 5} is -`,
    );
  });
});

Deno.test("an abort ends the inversion of tiles that pass through kernel memory, which gets back what was taken", async () => {
  await withEngine(async (engine) => {
    const controller = new AbortController();
    const reason = new Error("enough");
    leave(engine, budgetFor(1, 54));
    const before = engine.memory.available;
    const { signal } = controller;
    const running = invertPositiveDefinite(engine, dominant(1295), signal);
    setTimeout(() => controller.abort(reason));
    assertEquals(await running.catch((error) => error), reason);
    assertEquals(engine.memory.available, before);
  });
});

Deno.test("kernels for symmetric matrices give the same bits for tiles outside of kernel memory", async () => {
  await withEngine(async (engine) => {
    const kernels = createTriangleKernels(engine);
    const n = 700;
    const matrix = randomCsr(createRandom(37), 900, n, 0.05);
    const results = [];
    for (const room of [Infinity, 6 * 4 * 240 ** 2]) {
      // As much as the tiles take, but not what inverting them takes beside.
      const taken = room === Infinity ? 0 : leave(engine, room);
      const tiles = kernels.symmetricTiles(n);
      engine.memory.release(taken);
      assertEquals(engine.memory.holds(tiles.tile(0, 0)), room === Infinity);
      await kernels.gramTiles(matrix, tiles);
      for (let row = 0; row < n; row++) tiles.addToDiagonal(row, 40);
      await kernels.invertPositiveDefinite(tiles);
      results.push({
        tiles,
        largest: await kernels.largestPerRow(
          tiles,
          new Float32Array(n).fill(1),
          9,
        ),
      });
    }
    const [inside, outside] = results;
    assertSameBits(outside!.tiles, inside!.tiles);
    assertEquals(outside!.largest, inside!.largest);
  });
});

Deno.test("sweepBytes() is no less than what an inversion in place takes", async () => {
  await withEngine(async (engine) => {
    const tiles = dominant(455, engine);
    leave(engine, sweepBytes(19, TILE_BYTES, 2));
    await invertPositiveDefinite(engine, tiles);
    assert(tiles.at(0, 0) > 0);
  });
});
