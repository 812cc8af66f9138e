import type { NonNegativeArgs } from "../learning_kernels.ts";
import { Breather } from "./breather.ts";

/** Coordinate descent (Cichocki, Phan 2009), in double precision. */
export async function nonNegativeSweep(
  { matrix, fixed, solved, factors: k, gram, l1 }: NonNegativeArgs,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const breather = new Breather(signal);
  const violations = new Float32Array(matrix.rows);
  const point = new Float64Array(k);
  const linear = new Float64Array(k);
  for (let row = 0; row < matrix.rows; row++) {
    const own = solved.subarray(row * k, (row + 1) * k);
    point.set(own);
    linear.fill(-l1);
    for (let p = matrix.indptr[row]!; p < matrix.indptr[row + 1]!; p++) {
      const at = matrix.indices[p]! * k;
      for (let f = 0; f < k; f++) {
        linear[f]! += matrix.values[p]! * fixed[at + f]!;
      }
    }
    let violation = 0;
    for (let i = 0; i < k; i++) {
      let gradient = -linear[i]!;
      for (let j = 0; j < k; j++) gradient += gram[i * k + j]! * point[j]!;
      violation += Math.abs(point[i] === 0 ? Math.min(0, gradient) : gradient);
      const curvature = gram[i * k + i]!;
      if (curvature > 0) {
        point[i] = Math.max(0, point[i]! - gradient / curvature);
      }
    }
    own.set(point);
    violations[row] = violation;
    const work = k * k + k * (matrix.indptr[row + 1]! - matrix.indptr[row]!);
    if (breather.spend(work)) await breather.pause();
  }
  return violations;
}
