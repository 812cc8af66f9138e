/** The row problem of implicit ALS, solved the plain way. */
import type { FoldIn } from "../../../core/models/fold_in.ts";
import type { History } from "../../../core/models/model.ts";

/**
 * `x` of `(α₀ FᵀF + Σ c f fᵀ + reg (α₀ n + |history|)^ν I) x = Σ (c + β) f`, by Gaussian elimination.
 *
 * @param fixed Rows of the other side, `f` above.
 */
export function solveRow(
  fixed: readonly (readonly number[])[],
  { items, weights }: History,
  { alpha0, reg, nu, linearOffset }: FoldIn,
): number[] {
  const k = fixed[0]!.length;
  const ridge = reg * (alpha0 * fixed.length + items.length) ** nu;
  const dimensions = Array.from({ length: k }, (_, i) => i);
  // The last column is the right side.
  const system = dimensions.map((i) => [
    ...dimensions.map((j) =>
      (i === j ? ridge : 0) +
      fixed.reduce((sum, f) => sum + alpha0 * f[i]! * f[j]!, 0)
    ),
    0,
  ]);
  for (const [n, item] of items.entries()) {
    const f = fixed[item]!;
    for (const i of dimensions) {
      for (const j of dimensions) {
        system[i]![j]! += weights[n]! * f[i]! * f[j]!;
      }
      system[i]![k]! += (weights[n]! + linearOffset) * f[i]!;
    }
  }
  for (const i of dimensions) {
    for (const other of dimensions) {
      if (other === i) continue;
      const factor = system[other]![i]! / system[i]![i]!;
      for (let j = i; j <= k; j++) {
        system[other]![j]! -= factor * system[i]![j]!;
      }
    }
  }
  return system.map((line, i) => line[k]! / line[i]!);
}

/** Rows of a row-major matrix with `k` columns. */
export function rowsOf(matrix: Float32Array, k: number): number[][] {
  return Array.from(
    { length: matrix.length / k },
    (_, row) => [...matrix.subarray(row * k, (row + 1) * k)],
  );
}

/** The inner product. */
export function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, f) => sum + value * b[f]!, 0);
}
