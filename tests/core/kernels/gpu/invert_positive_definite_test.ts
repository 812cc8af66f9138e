import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { createRandom } from "../../../../core/kernels/create_random.ts";
import { Device } from "../../../../core/kernels/gpu/device.ts";
import { GpuError } from "../../../../core/kernels/gpu/gpu_error.ts";
import { invertPositiveDefinite } from "../../../../core/kernels/gpu/invert_positive_definite.ts";
import type { Panel } from "../../../../core/kernels/gpu/panels.ts";
import type { SymmetricTiles } from "../../../../core/kernels/symmetric_tiles.ts";
import { testOnGpu } from "./on_gpu.ts";
import { tilesOf } from "./tiles_of.ts";

/** `FᵀF + ridge`, as a full matrix of floats. */
function positiveDefinite(n: number, ridge = 30): Float32Array {
  const random = createRandom(n);
  const factors = Array.from({ length: 20 * n }, () => random.normal());
  const matrix = new Float32Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = i === j ? ridge : 0;
      for (let f = 0; f < 20; f++) {
        sum += factors[20 * i + f]! * factors[20 * j + f]!;
      }
      matrix[i * n + j] = matrix[j * n + i] = sum;
    }
  }
  return matrix;
}

function cutInto(matrix: Float32Array, tileSize = 96): SymmetricTiles {
  const n = Math.sqrt(matrix.length);
  return tilesOf(n, tileSize, (row, column) => matrix[row * n + column]!);
}

/** The largest entry of `A·P − 1` by amount. */
function residual(matrix: Float32Array, inverse: SymmetricTiles): number {
  const { n } = inverse;
  const full = fullOf(inverse);
  let largest = 0;
  for (let i = 0; i < n; i++) {
    const row = new Float64Array(n);
    row[i] = -1;
    for (let k = 0; k < n; k++) {
      const value = matrix[i * n + k]!;
      for (let j = 0; j < n; j++) {
        row[j]! += value * full[k * n + j]!;
      }
    }
    largest = Math.max(largest, ...row.map(Math.abs));
  }
  return largest;
}

/** Panels of a given width. */
function cut(n: number, width: number): Panel[] {
  const size = Math.ceil(n / 64) * 64;
  return Array.from({ length: Math.ceil(size / width) }, (_, at) => ({
    start: at * width,
    width: Math.min(width, size - at * width),
    rows: size - at * width,
  }));
}

/** All entries, row-major. */
function fullOf(tiles: SymmetricTiles): Float32Array {
  const { n } = tiles;
  return Float32Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return tiles.at(Math.max(i, j), Math.min(i, j));
  });
}

testOnGpu(
  "invertPositiveDefinite() inverts however wide panels and tiles are",
  async (device) => {
    const matrix = positiveDefinite(300);
    for (
      const [width, tileSize] of [[64, 300], [128, 64], [192, 7], [320, 130]]
    ) {
      const tiles = cutInto(matrix, tileSize);
      await invertPositiveDefinite(device, tiles, { panels: cut(300, width!) });
      assert(residual(matrix, tiles) < 1e-5, `width ${width}`);
    }
  },
);

testOnGpu(
  "invertPositiveDefinite() inverts a diagonal exactly",
  async (device) => {
    const tiles = tilesOf(
      200,
      64,
      (row, column) => row === column ? 4 ** (row % 7) : 0,
    );
    await invertPositiveDefinite(device, tiles);
    for (let row = 0; row < 200; row++) {
      for (let column = 0; column <= row; column++) {
        assertEquals(
          tiles.at(row, column) + 0,
          row === column ? 4 ** -(row % 7) : 0,
        );
      }
    }
  },
);

/** Three panels of 320 × 64 and six squares of 64 × 64, with the little that else is needed. */
const ROOM_FOR_THREE = 4 * (3 * 320 * 64 + 6 * 64 * 64) + 4096;

testOnGpu(
  "invertPositiveDefinite() gives the same bits where only three panels have room",
  async (large) => {
    const matrix = positiveDefinite(300);
    const [streamed, resident] = [cutInto(matrix), cutInto(matrix)];
    using small = await Device.open({ memoryBytes: ROOM_FOR_THREE });
    await invertPositiveDefinite(small, streamed);
    assertEquals(small.usedBytes, 0);
    await invertPositiveDefinite(large, resident);
    assertEquals(fullOf(streamed), fullOf(resident));
  },
);

testOnGpu(
  "invertPositiveDefinite() refuses a matrix for which the device has no room",
  async (device) => {
    await assertRejects(
      () => invertPositiveDefinite(device, cutInto(positiveDefinite(300))),
      GpuError,
      "has too little memory for a matrix of 300 rows; set training.device to cpu",
    );
  },
  { memoryBytes: ROOM_FOR_THREE / 2 },
);

testOnGpu(
  "invertPositiveDefinite() names the first row whose pivot is not positive",
  async (device) => {
    for (const row of [63, 64, 201]) {
      for (const pivot of [0, -2]) {
        const matrix = tilesOf(300, 96, (i, j) => {
          if (i !== j) return 0;
          return i < row ? 1 : i === row ? pivot : -1;
        });
        await assertRejects(
          () => invertPositiveDefinite(device, matrix),
          RangeError,
          `the pivot of row ${row} is ${pivot}, `,
        );
        assertEquals(device.usedBytes, 0);
      }
    }
  },
);

testOnGpu(
  "invertPositiveDefinite() ends with the signal's reason, and the device goes on",
  async (device) => {
    const matrix = positiveDefinite(600);
    const controller = new AbortController();
    const aborted = invertPositiveDefinite(device, cutInto(matrix), controller);
    controller.abort(new Error("enough"));
    await assertRejects(() => aborted, Error, "enough");
    assertEquals(device.usedBytes, 0);
    const tiles = cutInto(positiveDefinite(100));
    await invertPositiveDefinite(device, tiles);
    assert(residual(positiveDefinite(100), tiles) < 1e-5);
  },
);

testOnGpu(
  "invertPositiveDefinite() tells that the device was lost",
  async (device) => {
    const tiles = cutInto(positiveDefinite(600));
    const lost = invertPositiveDefinite(device, tiles);
    device.gpu.destroy();
    const error = await assertRejects(() => lost, GpuError);
    assertStringIncludes(error.message, " was lost: ");
    assertStringIncludes(error.message, "set training.device to cpu");
    await assertRejects(
      () => invertPositiveDefinite(device, tiles),
      GpuError,
      " was lost: ",
    );
  },
);
