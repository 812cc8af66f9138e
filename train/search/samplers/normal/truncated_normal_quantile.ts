import { logNormalCdf } from "./log_normal_cdf.ts";
import { logNormalMass } from "./log_normal_mass.ts";
import { logNormalQuantile } from "./log_normal_quantile.ts";

/**
 * Inverse distribution function of the standard normal truncated to [a, b].
 *
 * @param q Probability, 0 ≤ q < 1.
 */
export function truncatedNormalQuantile(
  q: number,
  a: number,
  b: number,
): number {
  if (q === 0) return a;
  const mass = logNormalMass(a, b);
  return a < 0
    ? logNormalQuantile(logSum(logNormalCdf(a), Math.log(q) + mass))
    : -logNormalQuantile(logSum(logNormalCdf(-b), Math.log1p(-q) + mass));
}

/** log(exp(x) + exp(y)) */
function logSum(x: number, y: number): number {
  return Math.max(x, y) + Math.log1p(Math.exp(-Math.abs(x - y)));
}
