import {
  checkCount,
  checkLength,
  checkScoreDense,
  checkScoreSome,
} from "./check.ts";
import type { ScoreKernels } from "./kernels.ts";
import { TopK } from "./reference/top_k.ts";

/** Serving kernels in plain TypeScript, on arrays of any memory: what every other implementation must agree with. */
export function createReferenceScoreKernels(): ScoreKernels {
  let room = new Float32Array();
  return {
    scores(length) {
      if (room.length !== length) room = new Float32Array(length);
      return room;
    },
    scoreFactors(user, items, factors, out) {
      checkLength("user", user, factors);
      checkLength("items", items, out.length * factors);
      for (let item = 0; item < out.length; item++) {
        out[item] = product(user, items, factors, item);
      }
    },
    scoreSome(user, items, factors, which, out) {
      checkScoreSome(user, items, factors, which, out);
      which.forEach((item, n) => {
        out[n] = product(user, items, factors, item);
      });
    },
    quantize: () => null,
    scoreSparse(items, weights, matrix, out) {
      checkLength("weights", weights, items.length);
      checkLength("out", out, matrix.cols);
      out.fill(0);
      for (let h = 0; h < items.length; h++) {
        const row = items[h]!;
        if (row >= matrix.rows) {
          throw new RangeError(
            `An item is ${row}, must be below ${matrix.rows}`,
          );
        }
        const scale = "scales" in matrix ? matrix.scales[row]! : 1;
        const weight = weights[h]! * scale;
        for (let p = matrix.indptr[row]!; p < matrix.indptr[row + 1]!; p++) {
          out[matrix.indices[p]!]! += weight * matrix.values[p]!;
        }
      }
    },
    scoreDense(items, weights, matrix, out) {
      checkScoreDense(items, weights, matrix, out.length);
      out.fill(0);
      for (let h = 0; h < items.length; h++) {
        const start = items[h]! * out.length;
        for (let j = 0; j < out.length; j++) {
          out[j]! += weights[h]! * matrix[start + j]!;
        }
      }
    },
    topK(scores, k, indices, values) {
      checkCount("k", k, 1);
      const room = Math.min(k, scores.length);
      if (indices.length < room || values.length < room) {
        throw new RangeError(
          `Room for results is ${indices.length} and ${values.length}, must be at least ${room}`,
        );
      }
      const best = new TopK(k);
      for (let i = 0; i < scores.length; i++) {
        const score = scores[i]!;
        if (Number.isFinite(score)) best.offer(i, score);
      }
      const count = best.size;
      while (best.size > 0) {
        const at = best.size - 1;
        const worst = best.takeWorst();
        indices[at] = worst.column;
        values[at] = worst.score;
      }
      return count;
    },
    atLeast(scores, least) {
      return Uint32Array.from(scores.keys()).filter((at) =>
        scores[at]! >= least
      );
    },
  };
}

function product(
  user: Float32Array,
  items: Float32Array,
  factors: number,
  item: number,
): number {
  const start = item * factors;
  let sum = 0;
  for (let f = 0; f < factors; f++) sum += user[f]! * items[start + f]!;
  return sum;
}
