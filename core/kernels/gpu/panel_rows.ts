import type { SymmetricTiles } from "../symmetric_tiles.ts";
import type { Panel } from "./panels.ts";

/** Some rows of a panel: `count` from `first` on, both counted from the panel's own first row. */
export interface PanelRows {
  readonly panel: Panel;
  readonly first: number;
  readonly count: number;
}

/**
 * Reads rows of a panel out of tiles. Rows and columns beyond the matrix become those of the identity, which changes
 * neither the factor nor the inverse of what is before them; what lies above the tiles of the diagonal becomes 0.
 *
 * @param out Row-major, `count × width`.
 */
export function readPanelRows(
  tiles: SymmetricTiles,
  part: PanelRows,
  out: Float32Array,
): void {
  out.fill(0);
  eachRun(tiles, part, (tile, from, at, length) => {
    out.set(tile.subarray(from, from + length), at);
  });
  const { panel: { start, width }, first, count } = part;
  const beyond = Math.max(tiles.n, start + first);
  for (let row = beyond; row < start + first + count; row++) {
    const column = row - start;
    if (column < width) out[(column - first) * width + column] = 1;
  }
}

/** Writes rows of a panel into tiles; the reverse of {@linkcode readPanelRows}. */
export function writePanelRows(
  tiles: SymmetricTiles,
  part: PanelRows,
  values: Float32Array,
): void {
  eachRun(tiles, part, (tile, at, from, length) => {
    tile.set(values.subarray(from, from + length), at);
  });
}

/** Calls back for each run of floats that lie one after the other both in a tile and in the panel. */
function eachRun(
  tiles: SymmetricTiles,
  { panel: { start, width }, first, count }: PanelRows,
  run: (
    tile: Float32Array,
    tileAt: number,
    panelAt: number,
    length: number,
  ) => void,
): void {
  const { n, tileSize } = tiles;
  const end = Math.min(start + first + count, n);
  for (let row = start + first; row < end; row++) {
    const tileRow = Math.floor(row / tileSize);
    const last = Math.min(start + width, n, (tileRow + 1) * tileSize);
    for (let column = start; column < last;) {
      const tileColumn = Math.floor(column / tileSize);
      const next = Math.min(last, (tileColumn + 1) * tileSize);
      run(
        tiles.tile(tileRow, tileColumn),
        (row - tileRow * tileSize) * tileSize + column - tileColumn * tileSize,
        (row - start - first) * width + column - start,
        next - column,
      );
      column = next;
    }
  }
}
