import { type Engine, roundUp } from "./engine.ts";
import { Loan } from "./loan.ts";

/** Rows that are packed at a time, as in the assembly. */
const BLOCK = 256;
/** Rows per segment at least; fewer would spend more time adding up segments. */
const SEGMENT = 512;
const MOST_SEGMENTS = 32;

/** See `assembly/gram.ts`. */
export async function gram(
  { memory, pool }: Engine,
  factors: Float32Array,
  rows: number,
  k: number,
  scale: number,
): Promise<Float32Array> {
  using loan = new Loan(memory);
  const segments = Math.min(
    MOST_SEGMENTS,
    Math.max(1, Math.ceil(rows / SEGMENT)),
  );
  const left = roundUp(k, 6);
  const right = roundUp(k, 8);
  const sums = loan.take(4 * segments * left * right);
  const result = loan.f32(k * k);
  await pool.run({
    kernel: "gram",
    args: [
      loan.address(factors),
      rows,
      k,
      scale,
      segments,
      sums,
      result.byteOffset,
    ],
    scratchBytes: 4 * BLOCK * (6 + right),
  });
  return new Float32Array(result);
}
