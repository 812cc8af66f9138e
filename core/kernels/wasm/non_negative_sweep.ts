import type { NonNegativeArgs } from "../learning_kernels.ts";
import { type Engine, roundUp } from "./engine.ts";
import { Loan } from "./loan.ts";
import { padRows } from "./pad_rows.ts";

/** See `assembly/non_negative.ts`. */
export async function nonNegativeSweep(
  engine: Engine,
  args: NonNegativeArgs,
  signal?: AbortSignal,
): Promise<Float32Array> {
  using loan = new Loan(engine.memory);
  const { factors, solved } = args;
  const { rows } = args.matrix;
  const matrix = loan.csr("matrix", args.matrix);
  const fixed = await padRows(engine, loan, args.fixed, factors, signal);
  const address = loan.address(solved);
  const violations = loan.f32(rows);
  await engine.pool.run({
    kernel: "nonNegative",
    args: [
      rows,
      matrix.indptr,
      matrix.indices,
      matrix.values,
      fixed,
      address,
      factors,
      loan.address(args.gram),
      args.l1,
      violations.byteOffset,
    ],
    scratchBytes: 4 * (factors + 2) * roundUp(factors, 8),
  }, signal);
  loan.deliver(address, solved);
  return new Float32Array(violations);
}
