import type { Csr } from "../csr.ts";
import type { SymmetricTiles } from "../symmetric_tiles.ts";
import { transpose } from "../transpose.ts";
import type { Engine } from "./engine.ts";
import { Loan } from "./loan.ts";
import { type TilePlace, TileTable } from "./tile_table.ts";

/** Kernel memory that tiles pass through if they cannot stay there; one row of tiles at least. */
const STAGE_BYTES = 2 ** 28;

/** See `assembly/triangle.ts`. */
export async function gramTiles(
  { memory, pool }: Engine,
  matrix: Csr,
  tiles: SymmetricTiles,
  signal?: AbortSignal,
): Promise<void> {
  using loan = new Loan(memory);
  const { n, count, tileSize } = tiles;
  const byItem = loan.csr("matrix", transpose(matrix));
  const byUser = loan.csr("matrix", matrix);
  const table = new TileTable(memory, loan, tiles);

  async function run(begin: number, end: number): Promise<void> {
    await pool.run({
      kernel: "gramRows",
      args: [
        byItem.indptr,
        byItem.indices,
        byItem.values,
        byUser.indptr,
        byUser.indices,
        byUser.values,
        begin * tileSize,
        Math.min(end * tileSize, n),
        tileSize,
        table.address,
      ],
      scratchBytes: 4 * count * tileSize,
    }, signal);
  }

  if (table.inPlace) return await run(0, count);
  const rowBytes = count * table.tileBytes;
  const atOnce = Math.max(1, Math.floor(STAGE_BYTES / rowBytes));
  const stage = loan.take(Math.min(atOnce, count) * rowBytes);
  for (let begin = 0; begin < count; begin += atOnce) {
    const end = Math.min(begin + atOnce, count);
    const places: TilePlace[] = [];
    for (let row = begin; row < end; row++) {
      for (let column = 0; column <= row; column++) places.push([row, column]);
    }
    table.place(places, stage);
    await run(begin, end);
    table.store(places);
  }
}
