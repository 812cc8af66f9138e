import type { SymmetricTiles } from "../symmetric_tiles.ts";
import type { Loan } from "./loan.ts";

/** Puts the addresses of a matrix's tiles where kernels find them, row after row. */
export function tileTable(loan: Loan, tiles: SymmetricTiles): number {
  const table = loan.u32(tiles.tiles().length);
  for (const [at, { byteOffset }] of tiles.tiles().entries()) {
    table[at] = byteOffset;
  }
  return table.byteOffset;
}
