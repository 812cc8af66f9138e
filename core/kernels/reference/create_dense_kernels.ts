import {
  checkMultiply,
  checkRankDense,
  checkSparseTimesDense,
} from "../check.ts";
import type { Csr } from "../csr.ts";
import type { DenseKernels } from "../dense_kernels.ts";
import { Breather } from "./breather.ts";
import { rank } from "./rank.ts";

/** Products with dense matrices in plain TypeScript, sums in double precision. */
export function createDenseKernels(): DenseKernels {
  return {
    async multiply(args, signal) {
      checkMultiply(args);
      const { left, right, rows, depth, columns } = args;
      const breather = new Breather(signal);
      const product = new Float32Array(rows * columns);
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          let sum = 0;
          for (let k = 0; k < depth; k++) {
            sum += left[row * depth + k]! * right[k * columns + column]!;
          }
          product[row * columns + column] = sum;
        }
        if (breather.spend(depth * columns)) await breather.pause();
      }
      return product;
    },
    async rankDense(histories, weights, args, signal) {
      checkRankDense(histories, weights, args);
      return await rank(
        args,
        (user, out) => addRows(histories, user, weights, out),
        signal,
      );
    },
    async sparseTimesDense(matrix, dense, columns, signal) {
      checkSparseTimesDense(matrix, dense, columns);
      const breather = new Breather(signal);
      const product = new Float32Array(matrix.rows * columns);
      const sums = new Float64Array(columns);
      for (let row = 0; row < matrix.rows; row++) {
        const work = addRows(matrix, row, dense, sums);
        product.set(sums, row * columns);
        if (breather.spend(work)) await breather.pause();
      }
      return product;
    },
  };
}

/** One row of a product; returns the multiply-adds it took. */
function addRows(
  { indptr, indices, values }: Csr,
  row: number,
  dense: Float32Array,
  out: Float64Array,
): number {
  out.fill(0);
  const [begin, end] = [indptr[row]!, indptr[row + 1]!];
  for (let p = begin; p < end; p++) {
    const start = indices[p]! * out.length;
    for (let j = 0; j < out.length; j++) {
      out[j]! += values[p]! * dense[start + j]!;
    }
  }
  return (end - begin) * out.length;
}
