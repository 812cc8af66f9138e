import type { Csr } from "../core/kernels/csr.ts";
import { transpose } from "../core/kernels/transpose.ts";
import { type Columns, orthonormalColumns } from "./_orthonormal_columns.ts";
import { timesDense } from "./_times_dense.ts";
import type { FitContext } from "./algorithm.ts";
import { symmetricEigen } from "./symmetric_eigen.ts";

/** Columns beyond those wanted, and passes over the matrix and its transpose: what scikit-learn takes. */
const OVERSAMPLING = 10;
const POWER_ITERATIONS = 5;

/**
 * The right singular vectors of a matrix by falling singular value, as columns: `rank` of them, or as many as the matrix
 * has. Randomised subspace iteration, orthonormalised after each product, then the eigenvectors of `(X Q)ᵀ X Q`.
 * O(non-zeros · rank + (rows + columns) · rank²) per pass, O(rank³) on the main thread.
 *
 * Halko, Martinsson, Tropp, Finding structure with randomness, SIAM Review 2011, https://arxiv.org/abs/0909.4061.
 */
export async function rightSingularVectors(
  matrix: Csr,
  rank: number,
  context: FitContext,
): Promise<Columns> {
  const { shared, random } = context;
  const transposed = await shared.get("transpose", () => transpose(matrix));
  const items = matrix.cols;
  const width = Math.min(rank + OVERSAMPLING, items);
  const start = Float32Array.from(
    { length: items * width },
    () => random.normal(),
  );
  let basis: Columns = { data: start, rows: items, columns: width };
  for (let pass = 0; pass < POWER_ITERATIONS; pass++) {
    for (const side of [matrix, transposed]) {
      basis = await orthonormalColumns(
        await times(side, basis, context),
        context,
      );
      // A matrix of zeros.
      if (basis.columns === 0) return { ...basis, rows: items };
    }
  }
  basis = await orthonormalColumns(basis, context);
  const { data, rows, columns } = await times(matrix, basis, context);
  const gram = await context.kernels.gram(data, rows, columns, 1);
  const { vectors } = symmetricEigen(Float64Array.from(gram), columns);
  const kept = Math.min(rank, columns);
  const rotation = new Float32Array(columns * kept);
  for (let from = 0; from < columns; from++) {
    for (let to = 0; to < kept; to++) {
      rotation[from * kept + to] = vectors[to * columns + from]!;
    }
  }
  return {
    data: await timesDense(basis, rotation, kept, context),
    rows: items,
    columns: kept,
  };
}

/** `matrix · columns`. */
async function times(
  matrix: Csr,
  { data, columns }: Columns,
  { kernels, signal }: FitContext,
): Promise<Columns> {
  return {
    data: await kernels.sparseTimesDense(matrix, data, columns, signal),
    rows: matrix.rows,
    columns,
  };
}
