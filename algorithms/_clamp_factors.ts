import type { Csr } from "../core/kernels/csr.ts";
import type { FitContext } from "./algorithm.ts";

/** The number of factors, at most the rank that the matrix can have; says so when that is less than what was wanted. */
export function clampFactors(
  wanted: number,
  { rows, cols }: Csr,
  { warn }: FitContext,
): number {
  const most = Math.max(1, Math.min(rows, cols));
  if (wanted <= most) return wanted;
  warn("n_components_clamped", { requested: wanted, clamped: most });
  return most;
}
