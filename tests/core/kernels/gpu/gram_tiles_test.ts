import { assertEquals, assertRejects } from "@std/assert";
import { createRandom } from "../../../../core/kernels/create_random.ts";
import type { Csr } from "../../../../core/kernels/csr.ts";
import { Device } from "../../../../core/kernels/gpu/device.ts";
import { gramTiles } from "../../../../core/kernels/gpu/gram_tiles.ts";
import type { SymmetricTiles } from "../../../../core/kernels/symmetric_tiles.ts";
import { randomCsr } from "../matrices.ts";
import { testOnGpu } from "./on_gpu.ts";
import { tilesOf } from "./tiles_of.ts";

/** Small integers, so that sums are exact in any order. */
function integerMatrix(rows: number, cols: number, density: number): Csr {
  const random = createRandom(cols);
  return randomCsr(
    random,
    rows,
    cols,
    density,
    () => Math.floor(9 * random.float()) - 4,
  );
}

function denseGram({ rows, cols, indptr, indices, values }: Csr): Float32Array {
  const sums = new Float32Array(cols * cols);
  for (let row = 0; row < rows; row++) {
    for (let p = indptr[row]!; p < indptr[row + 1]!; p++) {
      for (let q = indptr[row]!; q < indptr[row + 1]!; q++) {
        sums[indices[p]! * cols + indices[q]!]! += values[p]! * values[q]!;
      }
    }
  }
  return sums;
}

function assertGram(tiles: SymmetricTiles, matrix: Csr): void {
  const expected = denseGram(matrix);
  for (let row = 0; row < matrix.cols; row++) {
    for (let column = 0; column <= row; column++) {
      assertEquals(
        tiles.at(row, column) + 0,
        expected[row * matrix.cols + column]! + 0,
        `row ${row}, column ${column}`,
      );
    }
  }
}

testOnGpu(
  "gramTiles() is the exact product of small integers",
  async (device) => {
    for (
      const [rows, cols, density, tileSize] of [
        [1, 1, 1, 8],
        [0, 5, 1, 8],
        [40, 3, 0, 8],
        [300, 130, 0.3, 64],
        [50, 300, 0.9, 96],
      ] as const
    ) {
      const matrix = integerMatrix(rows, cols, density);
      const tiles = tilesOf(cols, tileSize);
      await gramTiles(device, matrix, tiles);
      assertGram(tiles, matrix);
    }
  },
);

testOnGpu("gramTiles() is the same where only one panel has room", async () => {
  const matrix = integerMatrix(100, 300, 0.1);
  const entries = 4 * (4 * matrix.values.length + 301);
  using device = await Device.open({
    memoryBytes: 4 * 320 * 64 + entries + 4096,
  });
  const tiles = tilesOf(300, 96);
  await gramTiles(device, matrix, tiles);
  assertGram(tiles, matrix);
  assertEquals(device.usedBytes, 0);
});

testOnGpu(
  "gramTiles() takes a matrix that lies in shared memory",
  async (device) => {
    const { indptr, indices, values, ...shape } = integerMatrix(20, 30, 0.5);
    const shared = <T extends Float32Array | Uint32Array>(array: T): T => {
      const buffer = new SharedArrayBuffer(array.byteLength);
      const copy = new (array.constructor as new (b: SharedArrayBuffer) => T)(
        buffer,
      );
      copy.set(array);
      return copy;
    };
    const matrix = {
      ...shape,
      indptr: shared(indptr),
      indices: shared(indices),
      values: shared(values),
    };
    const tiles = tilesOf(30, 16);
    await gramTiles(device, matrix, tiles);
    assertGram(tiles, matrix);
  },
);

testOnGpu("gramTiles() ends with the signal's reason", async (device) => {
  await assertRejects(
    () =>
      gramTiles(
        device,
        integerMatrix(10, 70, 0.5),
        tilesOf(70, 64),
        AbortSignal.abort(new Error("enough")),
      ),
    Error,
    "enough",
  );
});
