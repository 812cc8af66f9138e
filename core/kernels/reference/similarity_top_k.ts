import type { Csr } from "../csr.ts";
import type { SimilarityArgs } from "../kernels.ts";
import { Breather } from "./breather.ts";
import { TopK } from "./top_k.ts";

/** Row by row with a dense accumulator (Gustavson 1978), in double precision. */
export async function similarityTopK(
  args: SimilarityArgs,
  signal?: AbortSignal,
): Promise<Csr> {
  const { left, right, rowNorm, colNorm, shrinkage, overlap, topK } = args;
  const breather = new Breather(signal);
  const sums = new Float64Array(right.cols);
  const touchedBy = new Int32Array(right.cols).fill(-1);
  const indptr = new Uint32Array(left.rows + 1);
  const indices: number[] = [];
  const values: number[] = [];
  for (let row = 0; row < left.rows; row++) {
    const touched: number[] = [];
    let work = right.cols;
    for (let p = left.indptr[row]!; p < left.indptr[row + 1]!; p++) {
      const inner = left.indices[p]!;
      const value = left.values[p]!;
      work += right.indptr[inner + 1]! - right.indptr[inner]!;
      for (let q = right.indptr[inner]!; q < right.indptr[inner + 1]!; q++) {
        const column = right.indices[q]!;
        if (touchedBy[column] !== row) {
          touchedBy[column] = row;
          touched.push(column);
          sums[column] = 0;
        }
        sums[column]! += value * right.values[q]!;
      }
    }
    const best = new TopK(topK);
    for (const column of touched) {
      const sum = sums[column]!;
      const [a, b] = [rowNorm[row]!, colNorm[column]!];
      const divisor = overlap === undefined ? a * b : overlap * sum + a + b;
      const score = Math.fround(sum / (divisor + shrinkage));
      if (!Number.isNaN(score)) best.offer(column, score);
    }
    const kept: { column: number; score: number }[] = [];
    while (best.size > 0) kept.push(best.takeWorst());
    kept.sort((a, b) => a.column - b.column);
    for (const { column, score } of kept) {
      indices.push(column);
      values.push(score);
    }
    indptr[row + 1] = indices.length;
    if (breather.spend(work)) await breather.pause();
  }
  return {
    rows: left.rows,
    cols: right.cols,
    indptr,
    indices: Uint32Array.from(indices),
    values: Float32Array.from(values),
  };
}
