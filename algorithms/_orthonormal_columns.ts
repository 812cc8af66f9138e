import type { FitContext } from "./algorithm.ts";

/** A row-major matrix. */
export interface Columns {
  readonly data: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

/** What is left of a column's square below this share is rounding. */
const LEAST_LEFT = 1e-6;

/**
 * A basis of the columns, orthonormal up to rounding errors in proportion to the square of their condition: done twice,
 * without them (Cholesky QR). Columns that depend on earlier ones are left out. `2 rows · columns²` multiply-adds on the
 * kernels, `columns³ / 3` on the main thread.
 *
 * Yamamoto et al., Roundoff error analysis of the CholeskyQR2 algorithm, ETNA 2015.
 */
export async function orthonormalColumns(
  { data, rows, columns }: Columns,
  context: FitContext,
): Promise<Columns> {
  context.signal.throwIfAborted();
  const gram = await context.kernels.gram(data, rows, columns, 1);
  const { right, rank } = inverseFactor(gram, columns);
  return {
    data: await context.kernels.multiply(
      { left: data, right, rows, depth: columns, columns: rank },
      context.signal,
    ),
    rows,
    columns: rank,
  };
}

/**
 * `R⁻¹` of the Cholesky factorisation `RᵀR`, row-major, a column for each row that does not depend on those before it.
 *
 * @throws {RangeError} When the matrix is not finite.
 */
function inverseFactor(
  gram: Float32Array,
  n: number,
): { readonly right: Float32Array; readonly rank: number } {
  // Rows of the lower factor and of its inverse, of the columns kept.
  const factor: Float64Array[] = [];
  const inverse: Float64Array[] = [];
  const kept: number[] = [];
  for (let column = 0; column < n; column++) {
    const square = gram[column * n + column]!;
    if (!Number.isFinite(square)) {
      throw new RangeError(
        "A sum of squares is not finite; the interaction weights are too large",
      );
    }
    const rank = kept.length;
    const row = new Float64Array(rank + 1);
    let left = square;
    for (let k = 0; k < rank; k++) {
      let sum = gram[column * n + kept[k]!]!;
      const other = factor[k]!;
      for (let l = 0; l < k; l++) sum -= row[l]! * other[l]!;
      row[k] = sum / other[k]!;
      left -= row[k]! ** 2;
    }
    if (!(left > LEAST_LEFT * square)) continue;
    const pivot = row[rank] = Math.sqrt(left);
    const solved = new Float64Array(rank + 1);
    solved[rank] = 1 / pivot;
    for (let k = 0; k < rank; k++) {
      const scale = row[k]! / pivot;
      const other = inverse[k]!;
      for (let l = 0; l <= k; l++) solved[l]! -= scale * other[l]!;
    }
    factor.push(row);
    inverse.push(solved);
    kept.push(column);
  }
  const rank = kept.length;
  const right = new Float32Array(n * rank);
  for (const [to, row] of inverse.entries()) {
    for (let k = 0; k <= to; k++) right[kept[k]! * rank + to] = row[k]!;
  }
  return { right, rank };
}
