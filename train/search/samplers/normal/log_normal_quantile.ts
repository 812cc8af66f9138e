import { LOG_SQRT_2_PI, logNormalCdf } from "./log_normal_cdf.ts";

const MOST_STEPS = 100;
const TOLERANCE = 1e-8;

/**
 * The x with log Φ(x) = y, y < 0: Newton's method on log Φ, so that the far left tail has its digits too. The last step
 * is at most 1e-8 |x|, and the steps shrink quadratically.
 */
export function logNormalQuantile(y: number): number {
  // Near 0 the digits are in the other tail: Φ(-x) = 1 - Φ(x).
  const mirrored = y > -1e-2;
  const target = mirrored ? Math.log(-Math.expm1(y)) : y;
  let x = firstGuess(target);
  for (let step = 0; step < MOST_STEPS; step++) {
    const reached = logNormalCdf(x);
    const change = (reached - target) *
      Math.exp(reached + x * x / 2 + LOG_SQRT_2_PI);
    x -= change;
    if (Math.abs(change) < TOLERANCE * Math.abs(x)) break;
  }
  return mirrored ? -x : x;
}

/** The tail without its logarithm, or the logistic distribution of the same variance. */
function firstGuess(y: number): number {
  return y < -5
    ? -Math.sqrt(-2 * (y + LOG_SQRT_2_PI))
    : -Math.sqrt(3) / Math.PI * Math.log(Math.expm1(-y));
}
