import type { Csr } from "../csr.ts";
import type { SymmetricTiles } from "../symmetric_tiles.ts";
import type { Engine } from "./engine.ts";
import { Loan } from "./loan.ts";
import { type TilePlace, TileTable } from "./tile_table.ts";

/** See `assembly/triangle.ts`. Goes by rows of tiles, so that results take little kernel memory, and tiles may pass through. */
export async function largestPerRow(
  { memory, pool }: Engine,
  tiles: SymmetricTiles,
  scales: Float32Array,
  topK: number,
  signal?: AbortSignal,
): Promise<Csr> {
  const { n, tileSize, count } = tiles;
  const k = Math.min(topK, Math.max(0, n - 1));
  const indices = new Uint32Array(n * k);
  const values = new Float32Array(n * k);
  using loan = new Loan(memory);
  const table = new TileTable(memory, loan, tiles);
  const stage = table.inPlace ? 0 : loan.take(count * table.tileBytes);
  const columnScales = loan.f32(n);
  columnScales.set(scales.subarray(0, n));
  const rowIndices = loan.u32(tileSize * k);
  const rowValues = loan.f32(tileSize * k);
  for (let block = 0; k > 0 && block < count; block++) {
    if (!table.inPlace) {
      const places = Array.from(
        { length: count },
        (_, n): TilePlace => n < block ? [block, n] : [n, block],
      );
      table.load(places, stage);
    }
    const begin = block * tileSize;
    const end = Math.min(n, begin + tileSize);
    await pool.run({
      kernel: "largestPerRow",
      args: [
        table.address,
        n,
        tileSize,
        begin,
        end,
        k,
        columnScales.byteOffset,
        rowIndices.byteOffset,
        rowValues.byteOffset,
      ],
      scratchBytes: 8 * count * tileSize + 1024,
    }, signal);
    indices.set(rowIndices.subarray(0, (end - begin) * k), begin * k);
    values.set(rowValues.subarray(0, (end - begin) * k), begin * k);
  }
  return {
    rows: n,
    cols: n,
    indptr: Uint32Array.from({ length: n + 1 }, (_, row) => row * k),
    indices,
    values,
  };
}
