import { erfc } from "./erfc.ts";

/** Φ(x), the distribution function of the standard normal. */
export function normalCdf(x: number): number {
  return erfc(-x * Math.SQRT1_2) / 2;
}
