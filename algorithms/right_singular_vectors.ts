import type { Csr } from "../core/kernels/csr.ts";
import { transpose } from "../core/kernels/transpose.ts";
import { type Columns, orthonormalColumns } from "./_orthonormal_columns.ts";
import type { FitContext } from "./algorithm.ts";
import { symmetricEigen } from "./symmetric_eigen.ts";

/** Columns beyond those wanted: at least so many, and one per so many. Values next to each other are hard to tell apart. */
const LEAST_OVERSAMPLING = 10;
const OVERSAMPLED = 8;
/** Filters of the basis; where singular values fall slowly, the last one wanted is then right to three digits or more. */
const ROUNDS = 4;
/** How much more than the last vector wanted a filter may amplify the first: single precision keeps the last apart. */
const MOST_AMPLIFIED = 1e5;
const MOST_DEGREE = 12;

/** A matrix and its transpose, and what multiplies by them. */
interface Operator extends FitContext {
  readonly matrix: Csr;
  readonly transposed: Csr;
}

/** Approximate eigenvectors of `XᵀX`, as columns, and their eigenvalues, the largest first. */
interface Ritz {
  readonly basis: Columns;
  readonly values: Float64Array;
}

/**
 * The right singular vectors of a matrix by falling singular value, as columns: `rank` of them, or as many as the matrix
 * has. Subspace iteration from a random basis; between orthonormalisations a Chebyshev polynomial of `XᵀX` damps what lies
 * below the basis' smallest eigenvalue. O(non-zeros · rank) per power, at most 12 of them per round;
 * O((rows + columns) · rank²) per round and, on the main thread, twice O(rank³).
 *
 * Halko, Martinsson, Tropp, Finding structure with randomness, SIAM Review 2011, https://arxiv.org/abs/0909.4061;
 * Zhou, Saad, A Chebyshev-Davidson algorithm for large symmetric eigenproblems, SIAM J. Matrix Anal. Appl. 2007.
 */
export async function rightSingularVectors(
  matrix: Csr,
  rank: number,
  context: FitContext,
): Promise<Columns> {
  const { shared, random } = context;
  const transposed = await shared.get("transpose", () => transpose(matrix));
  const operator: Operator = { ...context, matrix, transposed };
  const items = matrix.cols;
  const extra = Math.max(LEAST_OVERSAMPLING, Math.ceil(rank / OVERSAMPLED));
  const width = Math.min(rank + extra, items);
  const start = Float32Array.from(
    { length: items * width },
    () => random.normal(),
  );
  let basis: Columns = { data: start, rows: items, columns: width };
  for (const side of [matrix, transposed]) {
    basis = await orthonormalColumns(
      await times(side, basis, operator),
      operator,
    );
    // A matrix of zeros.
    if (basis.columns === 0) return { ...basis, rows: items };
  }
  // Apart once, the vectors stay so: each filter leaves a column closest to its own.
  let ritz = await rayleighRitz(basis, basis.columns, operator);
  for (let round = 0; round < ROUNDS; round++) {
    if (round > 0) ritz = { basis, values: await quotients(basis, operator) };
    basis = await orthonormalColumns(await amplify(ritz, operator), operator);
  }
  basis = await orthonormalColumns(basis, operator);
  const kept = Math.min(rank, basis.columns);
  return (await rayleighRitz(basis, kept, operator)).basis;
}

/** The best approximations of eigenvectors within an orthonormal basis: the first `kept` of them. */
async function rayleighRitz(
  basis: Columns,
  kept: number,
  operator: Operator,
): Promise<Ritz> {
  const { data, rows, columns } = await times(operator.matrix, basis, operator);
  const gram = await operator.kernels.gram(data, rows, columns, 1);
  const { values, vectors } = symmetricEigen(Float64Array.from(gram), columns);
  const rotation = new Float32Array(columns * kept);
  for (let from = 0; from < columns; from++) {
    for (let to = 0; to < kept; to++) {
      rotation[from * kept + to] = vectors[to * columns + from]!;
    }
  }
  const rotated = await operator.kernels.multiply({
    left: basis.data,
    right: rotation,
    rows: basis.rows,
    depth: columns,
    columns: kept,
  }, operator.signal);
  return {
    basis: { data: rotated, rows: basis.rows, columns: kept },
    values,
  };
}

/** Rayleigh quotients of the columns. */
async function quotients(
  basis: Columns,
  operator: Operator,
): Promise<Float64Array> {
  const { data, columns } = await times(operator.matrix, basis, operator);
  const sums = new Float64Array(columns);
  for (let at = 0; at < data.length; at += columns) {
    for (let n = 0; n < columns; n++) sums[n]! += data[at + n]! ** 2;
  }
  return sums;
}

/** A Chebyshev polynomial of `XᵀX`, at most 1 from 0 to the smallest eigenvalue and growing fast from there, times the basis. */
async function amplify(
  { basis, values }: Ritz,
  operator: Operator,
): Promise<Columns> {
  const end = values.reduce((least, value) => Math.min(least, value));
  const fastest = Math.acosh(Math.max(1, 2 * values[0]! / end - 1));
  const degree = Math.min(
    MOST_DEGREE,
    Math.floor(Math.acosh(MOST_AMPLIFIED) / fastest),
  );
  if (!(degree > 1)) return await square(basis, operator);
  let before = basis.data;
  let now = combine(2 / end, await square(basis, operator), before, 1, null);
  for (let n = 2; n <= degree; n++) {
    const product = await square({ ...basis, data: now }, operator);
    [before, now] = [now, combine(4 / end, product, now, 2, before)];
  }
  return { ...basis, data: now };
}

/** `scale · product - weight · now - before`, in place of the product. */
function combine(
  scale: number,
  { data }: Columns,
  now: Float32Array,
  weight: number,
  before: Float32Array | null,
): Float32Array {
  for (let n = 0; n < data.length; n++) {
    data[n] = scale * data[n]! - weight * now[n]! - (before ? before[n]! : 0);
  }
  return data;
}

/** `XᵀX · columns`. */
async function square(
  columns: Columns,
  operator: Operator,
): Promise<Columns> {
  const product = await times(operator.matrix, columns, operator);
  return await times(operator.transposed, product, operator);
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
