import type { Csr } from "../csr.ts";
import type { SymmetricTiles } from "../symmetric_tiles.ts";
import { transpose } from "../transpose.ts";
import type { Engine } from "./engine.ts";
import { Loan } from "./loan.ts";
import { tileTable } from "./tile_table.ts";

/** See `assembly/triangle.ts`. */
export async function gramTiles(
  { memory, pool }: Engine,
  matrix: Csr,
  tiles: SymmetricTiles,
  signal?: AbortSignal,
): Promise<void> {
  using loan = new Loan(memory);
  const byItem = loan.csr("matrix", transpose(matrix));
  const byUser = loan.csr("matrix", matrix);
  await pool.run({
    kernel: "gramRows",
    args: [
      byItem.indptr,
      byItem.indices,
      byItem.values,
      byUser.indptr,
      byUser.indices,
      byUser.values,
      tiles.n,
      tiles.tileSize,
      tileTable(loan, tiles),
    ],
    scratchBytes: 4 * tiles.count * tiles.tileSize,
  }, signal);
}
