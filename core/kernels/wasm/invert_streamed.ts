import type { Loan } from "./loan.ts";
import type { Sweep } from "./sweep.ts";
import type { TilePlace } from "./tile_table.ts";

/** Blocks swept per pass over the matrix at most; with more, a tile is copied for more work. */
const MOST_STEPS = 8;
/** Tiles that pass through kernel memory together, at most. */
const MOST_BATCHED = 64;
/** Rounding of addresses. */
const SLACK_BYTES = 2 ** 16;

/**
 * The sweep over a matrix that lies outside of kernel memory. A few blocks are swept within their own rows and columns of
 * tiles; then all other tiles pass through kernel memory in batches and take the updates of these blocks. A batch is
 * copied while the workers are busy with another.
 *
 * @param places Of all tiles.
 * @param budget Bytes of kernel memory for tiles, areas and lists.
 * @throws {RangeError} If that is too little for one block.
 */
export async function invertStreamed(
  sweep: Sweep,
  places: readonly TilePlace[],
  loan: Loan,
  budget: number,
): Promise<void> {
  const { areaBytes, table } = sweep;
  const { tileBytes, tiles: { count } } = table;
  const atOnce = Math.min(MOST_BATCHED, places.length);
  const listBytes = 8 * (count + 1);
  const forBatches = 2 * atOnce * (tileBytes + 16) + SLACK_BYTES;
  const perStep = count * tileBytes + areaBytes + listBytes;
  const most = Math.floor((budget - forBatches) / perStep);
  if (most < 1) {
    throw new RangeError(
      `Cannot invert the matrix: ${budget} bytes of kernel memory are free, must be at least ${
        forBatches + perStep
      }`,
    );
  }
  const steps = Math.min(MOST_STEPS, most, count);
  const panel = loan.take(steps * count * tileBytes);
  const area = loan.take(steps * areaBytes);
  const room = loan.u32(2 * (steps * count + 1));
  const buffers = [0, 1].map(() => ({
    tiles: loan.take(atOnce * tileBytes),
    room: loan.u32(2 * (atOnce + 1)),
  }));

  for (let first = 0; first < count; first += steps) {
    const end = Math.min(first + steps, count);
    const isInside = (block: number) => block >= first && block < end;
    const inside = places.filter((place) => place.some(isInside));
    table.load(inside, panel);
    await sweep.pivot(first, area);
    for (let k = first; k < end; k++) {
      const own = area + (k - first) * areaBytes;
      await sweep.panel(k, own);
      await sweep.update({
        k,
        area: own,
        places: inside,
        room,
        next: k + 1 < end ? { block: k + 1, area: own + areaBytes } : null,
      });
    }
    table.store(inside);

    const outside = places.filter((place) => !place.some(isInside));
    let running: Promise<void> = Promise.resolve();
    let previous: readonly TilePlace[] = [];
    for (let start = 0; start < outside.length; start += atOnce) {
      const batch = outside.slice(start, start + atOnce);
      const buffer = buffers[start / atOnce % 2]!;
      table.load(batch, buffer.tiles);
      await running;
      running = sweep.update({
        k: first,
        steps: end - first,
        area,
        places: batch,
        room: buffer.room,
      });
      table.store(previous);
      previous = batch;
    }
    await running;
    table.store(previous);
  }
}
