import { SymmetricTiles } from "../../../../core/kernels/symmetric_tiles.ts";

/** A symmetric matrix from its entries on and below the diagonal; NaN where the tiles hold nothing of it. */
export function tilesOf(
  n: number,
  tileSize: number,
  entry: (row: number, column: number) => number = () => NaN,
): SymmetricTiles {
  const count = Math.ceil(n / tileSize);
  const tiles = Array.from(
    { length: count * (count + 1) / 2 },
    () => new Float32Array(tileSize ** 2).fill(NaN),
  );
  const matrix = new SymmetricTiles(n, tileSize, tiles);
  for (let row = 0; row < n; row++) {
    for (let column = 0; column <= row; column++) {
      const tile = matrix.tile(
        Math.floor(row / tileSize),
        Math.floor(column / tileSize),
      );
      tile[row % tileSize * tileSize + column % tileSize] = entry(row, column);
    }
  }
  return matrix;
}
