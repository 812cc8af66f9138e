import {
  checkCsr,
  checkGram,
  checkIals,
  checkRankFactors,
  checkRankSparse,
  checkSimilarity,
} from "./check.ts";
import type { Csr } from "./csr.ts";
import type { Kernels, Memory, Ranking } from "./kernels.ts";
import { createDenseKernels } from "./reference/create_dense_kernels.ts";
import { createLearningKernels } from "./reference/create_learning_kernels.ts";
import { createTriangleKernels } from "./reference/create_triangle_kernels.ts";
import { gram } from "./reference/gram.ts";
import { ialsSolve } from "./reference/ials_solve.ts";
import { rank } from "./reference/rank.ts";
import { similarityTopK } from "./reference/similarity_top_k.ts";

const memory: Memory = {
  f32: (n) => new Float32Array(n),
  u32: (n) => new Uint32Array(n),
  free() {},
  takePeak: () => null,
};

/**
 * Kernels in plain TypeScript, on the calling thread: what every other implementation must agree with. Sums are
 * taken in double precision and rounded once. Their memory is the ordinary heap, so nothing is ever copied and
 * nothing needs to be released.
 */
export function createReferenceKernels(): Kernels {
  return {
    ...createDenseKernels(),
    ...createLearningKernels(),
    ...createTriangleKernels(),
    threads: 1,
    engine: "typescript",
    memory,
    share(matrix) {
      checkCsr("matrix", matrix);
      return matrix;
    },
    release() {},
    async similarityTopK(args, signal) {
      checkSimilarity(args);
      return await similarityTopK(args, signal);
    },
    // deno-lint-ignore require-await -- a refusal must be a rejected promise
    async gram(factors, rows, k, scale) {
      checkGram(factors, rows, k);
      return gram(factors, rows, k, scale);
    },
    async ialsSolve(args, signal) {
      checkIals(args);
      await ialsSolve(args, signal);
    },
    async rankSparse(histories, weights, args, signal) {
      checkRankSparse(histories, weights, args);
      return await rank(args, scoreSparse(histories, weights), signal);
    },
    async rankFactors(
      model,
      args,
      signal,
    ): Promise<Ranking> {
      checkRankFactors(model, args);
      const { users, items, itemCount, factors } = model;
      return await rank(args, (user, out) => {
        for (let item = 0; item < itemCount; item++) {
          let sum = 0;
          for (let f = 0; f < factors; f++) {
            sum += users[user * factors + f]! * items[item * factors + f]!;
          }
          out[item] = sum;
        }
        return itemCount * factors;
      }, signal);
    },
    close() {},
  };
}

function scoreSparse(
  histories: Csr,
  weights: Csr,
): (user: number, out: Float64Array) => number {
  return (user, out) => {
    out.fill(0);
    let work = 0;
    for (
      let p = histories.indptr[user]!;
      p < histories.indptr[user + 1]!;
      p++
    ) {
      const item = histories.indices[p]!;
      const value = histories.values[p]!;
      const end = weights.indptr[item + 1]!;
      for (let q = weights.indptr[item]!; q < end; q++) {
        out[weights.indices[q]!]! += value * weights.values[q]!;
      }
      work += end - weights.indptr[item]!;
    }
    return work;
  };
}
