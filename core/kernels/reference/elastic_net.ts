import type { Csr } from "../csr.ts";
import type { ElasticNetArgs } from "../learning_kernels.ts";
import { Breather } from "./breather.ts";

/** Cyclic coordinate descent over all weights (Friedman, Hastie, Tibshirani 2010), in double precision. */
export async function elasticNet(
  { gram, l1, l2, positiveOnly, rounds, tolerance, topK }: ElasticNetArgs,
  signal?: AbortSignal,
): Promise<Csr> {
  const { rows: items } = gram;
  const breather = new Breather(signal);
  const diagonal = dense(gram, (row, column) => row === column);
  const indptr = new Uint32Array(items + 1);
  const indices: number[] = [];
  const values: number[] = [];
  for (let target = 0; target < items; target++) {
    const weights = new Float64Array(items);
    const gradient = dense(gram, (row) => row === target);
    for (let sweep = 0; sweep < rounds * rounds; sweep++) {
      let largest = 0;
      for (let item = 0; item < items; item++) {
        const square = diagonal[item]!;
        if (item === target || square === 0) continue;
        const old = weights[item]!;
        const pull = gradient[item]! + square * old;
        let weight = 0;
        if (pull > l1) weight = (pull - l1) / (square + l2);
        else if (!positiveOnly && pull < -l1) {
          weight = (pull + l1) / (square + l2);
        }
        if (weight === old) continue;
        weights[item] = weight;
        largest = Math.max(largest, Math.abs(weight - old));
        for (let p = gram.indptr[item]!; p < gram.indptr[item + 1]!; p++) {
          gradient[gram.indices[p]!]! -= (weight - old) * gram.values[p]!;
        }
      }
      if (breather.spend(2 * items)) await breather.pause();
      if (largest < tolerance) break;
    }
    const kept = Array.from(weights.keys())
      .filter((item) => weights[item] !== 0)
      .sort((a, b) => Math.abs(weights[b]!) - Math.abs(weights[a]!) || a - b)
      .slice(0, topK)
      .sort((a, b) => a - b);
    for (const item of kept) {
      indices.push(item);
      values.push(weights[item]!);
    }
    indptr[target + 1] = indices.length;
  }
  return {
    rows: items,
    cols: items,
    indptr,
    indices: Uint32Array.from(indices),
    values: Float32Array.from(values),
  };
}

/** By column, the last of the entries that are chosen. */
function dense(
  { rows, cols, indptr, indices, values }: Csr,
  chosen: (row: number, column: number) => boolean,
): Float64Array {
  const result = new Float64Array(cols);
  for (let row = 0; row < rows; row++) {
    for (let p = indptr[row]!; p < indptr[row + 1]!; p++) {
      if (chosen(row, indices[p]!)) result[indices[p]!] = values[p]!;
    }
  }
  return result;
}
