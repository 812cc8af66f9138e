import { type Engine, roundUp } from "./engine.ts";
import type { Loan } from "./loan.ts";

/** The address of row-major factors with rows of `up(factors, 8)` floats: their own, or that of a padded copy. */
export async function padRows(
  { pool }: Engine,
  loan: Loan,
  array: Float32Array,
  factors: number,
  signal?: AbortSignal,
): Promise<number> {
  const from = loan.address(array);
  const padded = roundUp(factors, 8);
  if (padded === factors) return from;
  const rows = array.length / factors;
  const to = loan.take(4 * rows * padded);
  await pool.run({ kernel: "pad", args: [from, rows, factors, to] }, signal);
  return to;
}
