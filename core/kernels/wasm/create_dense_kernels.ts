import {
  checkMultiply,
  checkRankDense,
  checkSparseTimesDense,
} from "../check.ts";
import type { DenseKernels } from "../dense_kernels.ts";
import type { Engine } from "./engine.ts";
import { Loan } from "./loan.ts";
import { multiply } from "./multiply.ts";
import { rankDense } from "./rank.ts";

/** Products with dense matrices on a pool of workers. */
export function createDenseKernels(engine: Engine): DenseKernels {
  const { memory, pool } = engine;
  return {
    async multiply(args, signal) {
      checkMultiply(args);
      return await multiply(engine, args, signal);
    },
    async rankDense(histories, weights, args, signal) {
      checkRankDense(histories, weights, args);
      return await rankDense(engine, histories, weights, args, signal);
    },
    async sparseTimesDense(matrix, dense, columns, signal) {
      checkSparseTimesDense(matrix, dense, columns);
      using loan = new Loan(memory);
      const { indptr, indices, values } = loan.csr("matrix", matrix);
      const product = loan.f32(matrix.rows * columns);
      await pool.run({
        kernel: "sparseTimesDense",
        args: [
          matrix.rows,
          indptr,
          indices,
          values,
          loan.address(dense),
          columns,
          product.byteOffset,
        ],
      }, signal);
      return new Float32Array(product);
    },
  };
}
