import { notInvertible } from "../not_invertible.ts";
import type { SymmetricTiles } from "../symmetric_tiles.ts";
import type { Engine } from "./engine.ts";
import { Loan } from "./loan.ts";

/** What a tile is packed for; as in `assembly/tiles.ts`. */
const LEFT = 0;
const TRANSPOSED = 1;
const RIGHT = 2;
const NEGATED = 4;

/**
 * Inverts by blocks, in place. Step k makes column k of the Cholesky factor L and row k of its inverse W, and then adds
 * to every tile the product that it still lacks: below and right of the diagonal tile `−L_ik L_jkᵀ`; below it and to its
 * left `L_ik W_kj`, from which later rows of W are made; above it `W_kiᵀ W_kj`, of which the inverse of the matrix is the
 * sum. Each has a left factor that depends on the row and a right one that depends on the column, so a step packs two
 * tiles per row and multiplies them all. Quintana-Ortí et al., A note on parallel matrix inversion, SIAM J. Sci. Comput.
 * 22 (2001), describe the scheme without symmetry.
 */
export async function invertPositiveDefinite(
  { memory, pool }: Engine,
  tiles: SymmetricTiles,
  signal?: AbortSignal,
): Promise<void> {
  signal?.throwIfAborted();
  const { count, tileSize: size } = tiles;
  if (count === 0) return;
  pad(tiles);
  using loan = new Loan(memory);
  const bytes = 4 * size * size;
  const left = loan.take(count * bytes);
  const right = loan.take(count * bytes);
  const list = loan.u32(Math.max(6 * count, 2 * count * (count + 1)));
  const at = (row: number, column: number) =>
    tiles.tile(row, column).byteOffset;

  async function run(
    kernel: "packTiles" | "multiplyTiles",
    entries: readonly (readonly number[])[],
  ): Promise<void> {
    if (entries.length === 0) return;
    for (const [n, entry] of entries.entries()) {
      list.set(entry, n * entry.length);
    }
    const args = [list.byteOffset, entries.length, size];
    await pool.run({ kernel, args }, signal);
  }
  const pack = (from: number, column: number, kind: number) => [
    from,
    (kind & RIGHT ? right : left) + column * bytes,
    kind,
  ];
  const product = (row: number, column: number, add: boolean) => [
    row < column ? at(column, row) : at(row, column),
    left + row * bytes,
    right + column * bytes,
    Number(add),
  ];

  for (let k = 0; k < count; k++) {
    const failure = await pool.run({
      kernel: "factorTile",
      args: [at(k, k), size, k * size],
      scratchBytes: 4 * size,
    }, signal);
    if (failure !== null) throw notInvertible(failure.row, failure.value);
    const others = Array.from({ length: count }, (_, n) => n)
      .filter((n) => n !== k);
    await run("packTiles", [
      pack(at(k, k), k, RIGHT | TRANSPOSED),
      pack(at(k, k), k, LEFT),
      ...others.map((n) =>
        n > k ? pack(at(n, k), n, LEFT) : pack(at(k, n), n, RIGHT | NEGATED)
      ),
    ]);
    await run(
      "multiplyTiles",
      others.map((n) => n > k ? product(n, k, false) : product(k, n, false)),
    );
    await run(
      "packTiles",
      [...others, k].flatMap((n) =>
        n > k
          ? [
            pack(at(n, k), n, LEFT),
            pack(at(n, k), n, RIGHT | TRANSPOSED | NEGATED),
          ]
          : [
            pack(at(k, n), n, LEFT | TRANSPOSED),
            pack(at(k, n), n, RIGHT),
          ]
      ),
    );
    const products: number[][] = [];
    for (let row = 0; row < count; row++) {
      for (let column = 0; column <= row; column++) {
        products.push(product(row, column, row !== k && column !== k));
      }
    }
    await run("multiplyTiles", products);
  }
}

/** Makes what lies beyond the matrix a unit matrix, which is its own inverse. */
function pad(tiles: SymmetricTiles): void {
  const { n, count, tileSize: size } = tiles;
  const last = count - 1;
  const rows = n - last * size;
  for (let column = 0; column <= last; column++) {
    tiles.tile(last, column).fill(0, rows * size);
  }
  const corner = tiles.tile(last, last);
  for (let row = rows; row < size; row++) corner[row * size + row] = 1;
}
