import { assert, assertEquals, assertRejects } from "@std/assert";
import { createRandom } from "../../../core/kernels/create_random.ts";
import type { Csr } from "../../../core/kernels/csr.ts";
import type { SymmetricTiles } from "../../../core/kernels/symmetric_tiles.ts";
import { testEach, WITH_GPU } from "./test_each.ts";

/** About `perRow` random values in each row. */
function sparse(rows: number, cols: number, perRow: number): Csr {
  const random = createRandom(rows + cols);
  const indptr = new Uint32Array(rows + 1);
  const indices: number[] = [];
  for (let row = 0; row < rows; row++) {
    const own = new Set(
      Array.from({ length: Math.min(perRow, cols) }, () => random.int(cols)),
    );
    indices.push(...[...own].sort((a, b) => a - b));
    indptr[row + 1] = indices.length;
  }
  return {
    rows,
    cols,
    indptr,
    indices: Uint32Array.from(indices),
    values: Float32Array.from(indices, () => random.float() + 0.5),
  };
}

/** `XᵀX`, one row after the other, in double precision. */
function denseGram(matrix: Csr): Float64Array {
  const n = matrix.cols;
  const gram = new Float64Array(n * n);
  for (let row = 0; row < matrix.rows; row++) {
    for (let p = matrix.indptr[row]!; p < matrix.indptr[row + 1]!; p++) {
      for (let q = matrix.indptr[row]!; q < matrix.indptr[row + 1]!; q++) {
        gram[matrix.indices[p]! * n + matrix.indices[q]!]! +=
          matrix.values[p]! * matrix.values[q]!;
      }
    }
  }
  return gram;
}

function worstDifference(
  tiles: SymmetricTiles,
  expected: (row: number, column: number) => number,
): number {
  let worst = 0;
  for (let row = 0; row < tiles.n; row++) {
    for (let column = 0; column <= row; column++) {
      const difference = tiles.at(row, column) - expected(row, column);
      worst = Math.max(worst, Math.abs(difference));
    }
  }
  return worst;
}

function setEntry(
  tiles: SymmetricTiles,
  row: number,
  column: number,
  value: number,
): void {
  const size = tiles.tileSize;
  const tile = tiles.tile(Math.floor(row / size), Math.floor(column / size));
  tile[row % size * size + column % size] = value;
}

/** Sizes below, at and above those of the tiles, which differ between implementations. */
const SIZES = [1, 23, 24, 25, 239, 240, 241, 500];

for (const n of SIZES) {
  testEach(`gramTiles() is XᵀX for ${n} columns`, async (kernels) => {
    const matrix = sparse(60, n, 12);
    const gram = denseGram(matrix);
    const tiles = kernels.symmetricTiles(n);
    await kernels.gramTiles(matrix, tiles);
    const worst = worstDifference(
      tiles,
      (row, column) => gram[row * n + column]!,
    );
    assert(worst < 1e-4, `differs by ${worst}`);
    kernels.releaseTiles(tiles);
  }, WITH_GPU);

  testEach(
    `invertPositiveDefinite() times the matrix is one for ${n} rows`,
    async (kernels) => {
      const matrix = sparse(2 * n, n, 12);
      const gram = denseGram(matrix);
      const tiles = kernels.symmetricTiles(n);
      await kernels.gramTiles(matrix, tiles);
      for (let row = 0; row < n; row++) {
        tiles.addToDiagonal(row, 10);
        gram[row * n + row]! += 10;
      }
      await kernels.invertPositiveDefinite(tiles);
      for (let row = 0; row < n; row += Math.ceil(n / 20)) {
        for (let column = 0; column < n; column += Math.ceil(n / 20)) {
          let product = 0;
          for (let k = 0; k < n; k++) {
            product += gram[row * n + k]! * tiles.at(k, column);
          }
          const expected = row === column ? 1 : 0;
          assert(
            Math.abs(product - expected) < 1e-4,
            `${row}, ${column}: ${product}`,
          );
        }
      }
      kernels.releaseTiles(tiles);
    },
    WITH_GPU,
  );
}

testEach(
  "invertPositiveDefinite() names the row whose pivot is not positive",
  async (kernels) => {
    const n = 300;
    for (const [bad, value] of [[0, 0], [26, -1], [299, NaN]] as const) {
      const tiles = kernels.symmetricTiles(n);
      for (const tile of tiles.tiles()) tile.fill(0);
      for (let row = 0; row < n; row++) {
        setEntry(tiles, row, row, row === bad ? value : 1);
      }
      await assertRejects(
        () => kernels.invertPositiveDefinite(tiles),
        RangeError,
        `Cannot invert the matrix: the pivot of row ${bad} is ${value}`,
      );
      kernels.releaseTiles(tiles);
    }
  },
  WITH_GPU,
);

testEach(
  "largestPerRow() takes the largest by magnitude, of equal ones the first, and never the diagonal",
  async (kernels) => {
    const n = 30;
    const tiles = kernels.symmetricTiles(n);
    for (const tile of tiles.tiles()) tile.fill(0);
    for (let row = 0; row < n; row++) setEntry(tiles, row, row, 100);
    setEntry(tiles, 5, 2, -3);
    setEntry(tiles, 27, 5, 2);
    setEntry(tiles, 9, 5, 2);
    const one = new Float32Array(n).fill(1);
    const { indptr, indices, values } = await kernels.largestPerRow(
      tiles,
      one,
      2,
    );
    assertEquals([...indices.subarray(indptr[5], indptr[6])], [2, 9]);
    assertEquals([...values.subarray(indptr[5], indptr[6])], [-3, 2]);
    assertEquals([...indices.subarray(indptr[2], indptr[3])], [0, 5]);
    assertEquals([...values.subarray(indptr[27], indptr[28])], [0, 2]);
    const scaled = await kernels.largestPerRow(tiles, one.with(9, -2), 2);
    assertEquals([...scaled.indices.subarray(10, 12)], [2, 9]);
    assertEquals([...scaled.values.subarray(10, 12)], [-3, -4]);
    assertEquals([...scaled.indices.subarray(18, 20)], [0, 5]);
    kernels.releaseTiles(tiles);
  },
);

testEach(
  "largestPerRow() gives all other entries when there are no more",
  async (kernels) => {
    for (const n of [1, 2, 25]) {
      const tiles = kernels.symmetricTiles(n);
      for (const tile of tiles.tiles()) tile.fill(1);
      const all = await kernels.largestPerRow(
        tiles,
        new Float32Array(n).fill(1),
        100,
      );
      assertEquals(all.indices.length, n * (n - 1));
      for (let row = 0; row < n; row++) {
        assertEquals(
          [...all.indices.subarray(all.indptr[row], all.indptr[row + 1])],
          Array.from({ length: n }, (_, column) => column)
            .filter((column) => column !== row),
        );
      }
      kernels.releaseTiles(tiles);
    }
  },
);

testEach(
  "kernels for symmetric matrices stop with the signal's reason",
  async (kernels) => {
    const signal = AbortSignal.abort(new Error("enough"));
    const tiles = kernels.symmetricTiles(30);
    const matrix = sparse(40, 30, 5);
    for (
      const call of [
        () => kernels.gramTiles(matrix, tiles, signal),
        () => kernels.invertPositiveDefinite(tiles, signal),
        () => kernels.largestPerRow(tiles, new Float32Array(30), 3, signal),
      ]
    ) await assertRejects(call, Error, "enough");
    kernels.releaseTiles(tiles);
  },
  WITH_GPU,
);

testEach(
  "gramTiles() refuses tiles of another size, and an empty matrix is fine",
  async (kernels) => {
    const tiles = kernels.symmetricTiles(29);
    await assertRejects(
      () => kernels.gramTiles(sparse(40, 30, 5), tiles),
      RangeError,
      "Number of columns of matrix is 30, must be 29",
    );
    kernels.releaseTiles(tiles);
    const none = kernels.symmetricTiles(0);
    await kernels.gramTiles(sparse(3, 0, 0), none);
    await kernels.invertPositiveDefinite(none);
    kernels.releaseTiles(none);
  },
  WITH_GPU,
);
