import { logNormalCdf } from "./log_normal_cdf.ts";
import { normalCdf } from "./normal_cdf.ts";

/** log(Φ(b) - Φ(a)) for a ≤ b; works in the left tail, where Φ keeps its digits. */
export function logNormalMass(a: number, b: number): number {
  if (b <= 0) return leftMass(a, b);
  if (a > 0) return leftMass(-b, -a);
  return Math.log1p(-normalCdf(a) - normalCdf(-b));
}

function leftMass(a: number, b: number): number {
  const upper = logNormalCdf(b);
  return upper + Math.log1p(-Math.exp(logNormalCdf(a) - upper));
}
