import { checkCsr, checkTiles } from "../check.ts";
import type { Csr } from "../csr.ts";
import { notInvertible } from "../not_invertible.ts";
import { SymmetricTiles } from "../symmetric_tiles.ts";
import type { TriangleKernels } from "../triangle_kernels.ts";
import { Breather } from "./breather.ts";

/** Small, so that tests on small matrices have several tiles. */
const TILE = 24;

/** Kernels for symmetric matrices in plain TypeScript, sums in double precision. */
export function createTriangleKernels(): TriangleKernels {
  return {
    symmetricTiles(n) {
      const count = Math.ceil(n / TILE);
      const tiles = Array.from(
        { length: count * (count + 1) / 2 },
        () => new Float32Array(TILE * TILE),
      );
      return new SymmetricTiles(n, TILE, tiles);
    },
    releaseTiles() {},
    async gramTiles(matrix, tiles, signal) {
      checkCsr("matrix", matrix);
      checkTiles(matrix, tiles);
      const { n } = tiles;
      const sums = new Float64Array(n * n);
      const breather = new Breather(signal);
      for (let row = 0; row < matrix.rows; row++) {
        const [begin, end] = [matrix.indptr[row]!, matrix.indptr[row + 1]!];
        for (let p = begin; p < end; p++) {
          for (let q = begin; q <= p; q++) {
            sums[matrix.indices[p]! * n + matrix.indices[q]!]! +=
              matrix.values[p]! * matrix.values[q]!;
          }
        }
        if (breather.spend((end - begin) ** 2)) await breather.pause();
      }
      write(tiles, (row, column) => sums[row * n + column]!);
    },
    async invertPositiveDefinite(tiles, signal) {
      const inverse = await invert(tiles, new Breather(signal));
      write(tiles, (row, column) => inverse[row * tiles.n + column]!);
    },
    async largestPerRow(tiles, scales, topK, signal) {
      const breather = new Breather(signal);
      const rows: [number, number][][] = [];
      for (let row = 0; row < tiles.n; row++) {
        rows.push(
          Array.from(
            { length: tiles.n },
            (_, column): [number, number] => [
              column,
              Math.fround(tiles.at(row, column) * scales[column]!),
            ],
          )
            .filter(([column]) => column !== row)
            .sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]) || a[0] - b[0])
            .slice(0, topK)
            .sort((a, b) => a[0] - b[0]),
        );
        if (breather.spend(tiles.n)) await breather.pause();
      }
      return toCsr(rows, tiles.n);
    },
  };
}

function write(
  tiles: SymmetricTiles,
  entry: (row: number, column: number) => number,
): void {
  const { n, tileSize } = tiles;
  for (let row = 0; row < n; row++) {
    for (let column = 0; column <= row; column++) {
      const tile = tiles.tile(
        Math.floor(row / tileSize),
        Math.floor(column / tileSize),
      );
      tile[row % tileSize * tileSize + column % tileSize] = entry(row, column);
    }
  }
}

async function invert(
  tiles: SymmetricTiles,
  breather: Breather,
): Promise<Float64Array> {
  const { n } = tiles;
  const factor = new Float64Array(n * n);
  const inverse = new Float64Array(n * n);
  for (let row = 0; row < n; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = tiles.at(row, column);
      for (let k = 0; k < column; k++) {
        sum -= factor[row * n + k]! * factor[column * n + k]!;
      }
      if (row !== column) {
        factor[row * n + column] = sum / factor[column * n + column]!;
      } else if (sum > 0 && sum < Infinity) {
        factor[row * n + row] = Math.sqrt(sum);
      } else throw notInvertible(row, sum);
    }
    // Row of L⁻¹: Σ_k L_rk W_k = e_r.
    for (let column = 0; column <= row; column++) {
      let sum = row === column ? 1 : 0;
      for (let k = column; k < row; k++) {
        sum -= factor[row * n + k]! * inverse[k * n + column]!;
      }
      inverse[row * n + column] = sum / factor[row * n + row]!;
    }
    if (breather.spend(row * row)) await breather.pause();
  }
  const product = new Float64Array(n * n);
  for (let row = 0; row < n; row++) {
    for (let column = 0; column <= row; column++) {
      for (let k = row; k < n; k++) {
        product[row * n + column]! += inverse[k * n + row]! *
          inverse[k * n + column]!;
      }
    }
    if (breather.spend(row * (n - row))) await breather.pause();
  }
  return product;
}

function toCsr(rows: readonly [number, number][][], cols: number): Csr {
  const indptr = new Uint32Array(rows.length + 1);
  for (const [at, row] of rows.entries()) {
    indptr[at + 1] = indptr[at]! + row.length;
  }
  const entries = rows.flat();
  return {
    rows: rows.length,
    cols,
    indptr,
    indices: Uint32Array.from(entries, ([column]) => column),
    values: Float32Array.from(entries, ([, value]) => value),
  };
}
