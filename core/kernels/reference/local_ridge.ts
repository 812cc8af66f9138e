import type { Csr } from "../csr.ts";
import type { LocalRidgeArgs } from "../learning_kernels.ts";
import { localNorms } from "../local_norms.ts";
import { LocalRidgeError } from "../local_ridge_error.ts";
import { Breather } from "./breather.ts";

/** As in the assembly, though sums are in double precision. */
const LEAST_PIVOT = 2 ** -20;

/** Target by target: a row of the Gram matrix, the matrix between its neighbours, its Cholesky factor. */
export async function localRidge(
  { matrix, transposed, ridge, neighbours }: LocalRidgeArgs,
  signal?: AbortSignal,
): Promise<Csr> {
  const { cols: items } = matrix;
  const breather = new Breather(signal);
  const { norms, diagonal } = localNorms(transposed, ridge);
  const indptr = new Uint32Array(items + 1);
  const indices: number[] = [];
  const values: number[] = [];
  for (let target = 0; target < items; target++) {
    const products = await gramRow(matrix, transposed, target, breather);
    const cosine = (item: number) =>
      Math.fround(Math.abs(products[item]!) / norms[item]!);
    const chosen = Array.from(products.keys())
      .filter((item) => item !== target && products[item] !== 0)
      .sort((a, b) => cosine(b) - cosine(a) || a - b)
      .slice(0, neighbours)
      .sort((a, b) => a - b);
    const rows: Float64Array[] = [];
    for (const [n, item] of chosen.entries()) {
      const row = await gramRow(matrix, transposed, item, breather);
      row[item] = diagonal[item]!;
      rows.push(Float64Array.from(chosen.slice(0, n + 1), (at) => row[at]!));
    }
    factorise(rows, target);
    const weights = substitute(
      rows,
      Float64Array.from(chosen, (item) => products[item]!),
    );
    for (const [n, item] of chosen.entries()) {
      const weight = Math.fround(weights[n]!);
      if (weight === 0) continue;
      indices.push(item);
      values.push(weight);
    }
    indptr[target + 1] = indices.length;
    if (breather.spend(chosen.length ** 3)) await breather.pause();
  }
  return {
    rows: items,
    cols: items,
    indptr,
    indices: Uint32Array.from(indices),
    values: Float32Array.from(values),
  };
}

/** A row of `XᵀX`, rounded as it is where neighbours are chosen. */
async function gramRow(
  matrix: Csr,
  transposed: Csr,
  item: number,
  breather: Breather,
): Promise<Float32Array> {
  const sums = new Float64Array(matrix.cols);
  const end = transposed.indptr[item + 1]!;
  for (let p = transposed.indptr[item]!; p < end; p++) {
    const user = transposed.indices[p]!;
    const [first, last] = [matrix.indptr[user]!, matrix.indptr[user + 1]!];
    for (let q = first; q < last; q++) {
      sums[matrix.indices[q]!]! += transposed.values[p]! * matrix.values[q]!;
    }
    if (breather.spend(last - first)) await breather.pause();
  }
  return Float32Array.from(sums);
}

/** Turns the lower triangle of a matrix into its Cholesky factor. */
function factorise(rows: readonly Float64Array[], target: number): void {
  for (const [i, row] of rows.entries()) {
    const least = row[i]! * LEAST_PIVOT;
    for (let j = 0; j <= i; j++) {
      const other = rows[j]!;
      let sum = row[j]!;
      for (let k = 0; k < j; k++) sum -= row[k]! * other[k]!;
      if (j < i) row[j] = sum / other[j]!;
      else if (sum > least && sum < Infinity) row[i] = Math.sqrt(sum);
      else throw new LocalRidgeError(target, sum);
    }
  }
}

/** Solves `L Lᵀ x = y`. */
function substitute(
  rows: readonly Float64Array[],
  y: Float64Array,
): Float64Array {
  const x = y.slice();
  for (const [i, row] of rows.entries()) {
    for (let k = 0; k < i; k++) x[i]! -= row[k]! * x[k]!;
    x[i]! /= row[i]!;
  }
  for (let i = x.length - 1; i >= 0; i--) {
    x[i]! /= rows[i]![i]!;
    for (let k = 0; k < i; k++) x[k]! -= rows[i]![k]! * x[i]!;
  }
  return x;
}
