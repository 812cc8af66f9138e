import type { Random } from "../core/kernels/random.ts";

/** Fisher-Yates, in place. */
export function shuffle(values: Uint32Array, random: Random): Uint32Array {
  for (let n = values.length - 1; n > 0; n--) {
    const other = random.int(n + 1);
    const value = values[n]!;
    values[n] = values[other]!;
    values[other] = value;
  }
  return values;
}
