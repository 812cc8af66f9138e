import type { Csr } from "../csr.ts";
import type { SymmetricTiles } from "../symmetric_tiles.ts";
import type { Engine } from "./engine.ts";
import { Loan } from "./loan.ts";
import { tileTable } from "./tile_table.ts";

/** See `assembly/triangle.ts`. */
export async function largestPerRow(
  { memory, pool }: Engine,
  tiles: SymmetricTiles,
  topK: number,
  signal?: AbortSignal,
): Promise<Csr> {
  const { n, tileSize, count } = tiles;
  const k = Math.min(topK, Math.max(0, n - 1));
  using loan = new Loan(memory);
  const indices = loan.u32(n * k);
  const values = loan.f32(n * k);
  if (k > 0) {
    await pool.run({
      kernel: "largestPerRow",
      args: [
        tileTable(loan, tiles),
        n,
        tileSize,
        k,
        indices.byteOffset,
        values.byteOffset,
      ],
      scratchBytes: 8 * count * tileSize + 1024,
    }, signal);
  }
  return {
    rows: n,
    cols: n,
    indptr: Uint32Array.from({ length: n + 1 }, (_, row) => row * k),
    indices: new Uint32Array(indices),
    values: new Float32Array(values),
  };
}
