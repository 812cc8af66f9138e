import type { SymmetricTiles } from "../symmetric_tiles.ts";
import type { Engine } from "./engine.ts";
import { invertStreamed } from "./invert_streamed.ts";
import { Loan } from "./loan.ts";
import { Sweep } from "./sweep.ts";
import { type TilePlace, TileTable } from "./tile_table.ts";

/**
 * See `assembly/sweep.ts`. Tiles outside of kernel memory stay where they are and pass through it; the result is the
 * same, bit by bit.
 */
export async function invertPositiveDefinite(
  engine: Engine,
  tiles: SymmetricTiles,
  signal?: AbortSignal,
): Promise<void> {
  signal?.throwIfAborted();
  const { count } = tiles;
  if (count === 0) return;
  using loan = new Loan(engine.memory);
  const table = new TileTable(engine.memory, loan, tiles);
  const sweep = new Sweep(engine, table, signal);
  const places: TilePlace[] = [];
  for (let row = 0; row < count; row++) {
    for (let column = 0; column <= row; column++) places.push([row, column]);
  }
  if (!table.inPlace) {
    const room = engine.memory.available - sweep.scratchBytes;
    return await invertStreamed(sweep, places, loan, room);
  }
  const area = loan.take(sweep.areaBytes);
  const room = loan.u32(2 * (places.length + 1));
  await sweep.pivot(0, area);
  for (let k = 0; k < count; k++) {
    await sweep.panel(k, area);
    const next = k + 1 < count ? { block: k + 1, area } : null;
    await sweep.update({ k, area, places, room, next });
  }
}
