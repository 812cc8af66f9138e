import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import {
  readPanelRows,
  writePanelRows,
} from "../../../../core/kernels/gpu/panel_rows.ts";
import { tilesOf } from "./tiles_of.ts";

/** A matrix in tiles, and some rows of one of its panels. */
const cuts = fc.record({
  n: fc.integer({ min: 1, max: 40 }),
  tileSize: fc.integer({ min: 1, max: 50 }),
  start: fc.nat({ max: 39 }),
  width: fc.integer({ min: 1, max: 45 }),
  first: fc.nat({ max: 30 }),
  count: fc.integer({ min: 1, max: 30 }),
}).filter(({ n, start }) => start < n);

Deno.test("readPanelRows() reads what is on and below the diagonal, and the identity beyond the matrix", () => {
  fc.assert(fc.property(cuts, ({ n, tileSize, start, width, first, count }) => {
    const entry = (row: number, column: number) => 1000 * row + column;
    const tiles = tilesOf(n, tileSize, entry);
    const out = new Float32Array(count * width).fill(7);
    const panel = { start, width, rows: first + count };
    readPanelRows(tiles, { panel, first, count }, out);
    out.forEach((value, at) => {
      const row = start + first + Math.floor(at / width);
      const column = start + at % width;
      if (column > row && row < n) return;
      const expected = row < n ? entry(row, column) : row === column ? 1 : 0;
      assertEquals(value, expected, `row ${row}, column ${column}`);
    });
  }));
});

Deno.test("writePanelRows() writes its rows and columns of the matrix and nothing else", () => {
  fc.assert(fc.property(cuts, ({ n, tileSize, start, width, first, count }) => {
    const tiles = tilesOf(n, tileSize, () => -1);
    const values = Float32Array.from({ length: count * width }, (_, at) => at);
    const panel = { start, width, rows: first + count };
    writePanelRows(tiles, { panel, first, count }, values);
    for (let row = 0; row < n; row++) {
      for (let column = 0; column <= row; column++) {
        const [r, c] = [row - start - first, column - start];
        const inside = r >= 0 && r < count && c >= 0 && c < width;
        assertEquals(tiles.at(row, column), inside ? r * width + c : -1);
      }
    }
  }));
});
