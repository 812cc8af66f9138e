import type { MultiplyArgs } from "../dense_kernels.ts";
import { type Engine, roundUp } from "./engine.ts";
import { Loan } from "./loan.ts";

/** Floats of a packed block, and of a tile at an edge, as in the assembly. */
const SCRATCH = 96 * 256 + 48;

/** See `assembly/product.ts`. */
export async function multiply(
  { memory, pool }: Engine,
  { left, right, rows, depth, columns }: MultiplyArgs,
  signal?: AbortSignal,
): Promise<Float32Array> {
  // The kernel adds up parts of the depth, of which there are none.
  if (depth === 0) return new Float32Array(rows * columns);
  using loan = new Loan(memory);
  const packed = loan.take(4 * roundUp(columns, 8) * depth);
  const to = loan.take(4 * rows * columns);
  await pool.run({
    kernel: "packRight",
    args: [loan.address(right), depth, columns, packed],
  }, signal);
  await pool.run({
    kernel: "product",
    args: [
      rows,
      columns,
      depth,
      loan.address(left),
      packed,
      to,
    ],
    scratchBytes: 4 * SCRATCH,
  }, signal);
  const product = new Float32Array(memory.buffer, to, rows * columns);
  return new Float32Array(product);
}
