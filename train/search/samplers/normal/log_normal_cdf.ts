import { normalCdf } from "./normal_cdf.ts";

/** log √(2π) */
export const LOG_SQRT_2_PI: number = Math.log(2 * Math.PI) / 2;

/** log Φ(x), relative error below 1e-14, also where Φ(x) underflows or rounds to 1. */
export function logNormalCdf(x: number): number {
  if (x > 0) return Math.log1p(-normalCdf(-x));
  if (x > -20) return Math.log(normalCdf(x));
  return -x * x / 2 - Math.log(-x) - LOG_SQRT_2_PI + Math.log(tailSeries(x));
}

/** 1 - 1/x² + 3/x⁴ - 15/x⁶ …, the asymptotic series of Mills' ratio times -x; below x = -20 it settles in ten terms. */
function tailSeries(x: number): number {
  let sum = 1;
  let term = 1;
  for (let odd = 1; Math.abs(term) > Number.EPSILON; odd += 2) {
    term *= -odd / (x * x);
    sum += term;
  }
  return sum;
}
