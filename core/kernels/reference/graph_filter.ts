import type { Csr } from "../csr.ts";
import type { GraphFilterArgs } from "../learning_kernels.ts";
import { Breather } from "./breather.ts";

/** Row by row, power by power, in double precision. */
export async function graphFilter(
  args: GraphFilterArgs,
  signal?: AbortSignal,
): Promise<Csr> {
  const { matrix, transposed, signals, coefficients, topK } = args;
  const breather = new Breather(signal);
  const indptr = new Uint32Array(signals.rows + 1);
  const indices: number[] = [];
  const values: number[] = [];
  const work = 2 * matrix.indices.length * coefficients.length +
    matrix.cols * (args.rank + 1);
  for (let row = 0; row < signals.rows; row++) {
    let power: Float64Array = new Float64Array(matrix.cols);
    for (let p = signals.indptr[row]!; p < signals.indptr[row + 1]!; p++) {
      power[signals.indices[p]!] = signals.values[p]!;
    }
    const sums = lowRank(args, row);
    for (const coefficient of coefficients) {
      power = multiply(transposed, multiply(matrix, power));
      for (let j = 0; j < sums.length; j++) sums[j]! += coefficient * power[j]!;
    }
    const rounded = Float32Array.from(sums);
    const kept = Array.from(rounded.keys())
      .filter((item) => rounded[item] !== 0)
      .sort((a, b) => magnitude(rounded[b]!) - magnitude(rounded[a]!) || a - b)
      .slice(0, topK)
      .sort((a, b) => a - b);
    for (const item of kept) {
      indices.push(item);
      values.push(rounded[item]!);
    }
    indptr[row + 1] = indices.length;
    if (breather.spend(work)) await breather.pause();
  }
  return {
    rows: signals.rows,
    cols: matrix.cols,
    indptr,
    indices: Uint32Array.from(indices),
    values: Float32Array.from(values),
  };
}

/** What is not a number is kept before all others, so that it is seen. */
function magnitude(value: number): number {
  return Number.isNaN(value) ? Number.MAX_VALUE : Math.abs(value);
}

/** A row of `left · rightᵀ`. */
function lowRank(
  { matrix, left, right, rank }: GraphFilterArgs,
  row: number,
): Float64Array {
  const sums = new Float64Array(matrix.cols);
  for (let item = 0; item < matrix.cols; item++) {
    for (let f = 0; f < rank; f++) {
      sums[item]! += left[row * rank + f]! * right[item * rank + f]!;
    }
  }
  return sums;
}

/** `matrix · vector`. */
function multiply(
  { rows, indptr, indices, values }: Csr,
  vector: Float64Array,
): Float64Array {
  const product = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    for (let p = indptr[row]!; p < indptr[row + 1]!; p++) {
      product[row]! += values[p]! * vector[indices[p]!]!;
    }
  }
  return product;
}
