import type { IalsBlockArgs } from "../learning_kernels.ts";
import { notPositiveDefinite } from "../not_positive_definite.ts";
import { type Engine, roundUp } from "./engine.ts";
import { Loan } from "./loan.ts";
import { padRows } from "./pad_rows.ts";

/** See `assembly/ials_block.ts`. */
export async function ialsSolveBlock(
  engine: Engine,
  args: IalsBlockArgs,
  signal?: AbortSignal,
): Promise<void> {
  using loan = new Loan(engine.memory);
  const { factors, solved, size } = args;
  const matrix = loan.csr("matrix", args.matrix);
  const fixed = await padRows(engine, loan, args.fixed, factors, signal);
  const address = loan.address(solved);
  const stride = roundUp(size + 1, 8);
  const failure = await engine.pool.run({
    kernel: "ialsBlock",
    args: [
      args.matrix.rows,
      matrix.indptr,
      matrix.indices,
      matrix.values,
      fixed,
      address,
      factors,
      loan.address(args.gram),
      loan.address(args.ridge),
      args.linearOffset,
      args.first,
      size,
    ],
    scratchBytes: 4 *
      ((size + 1) * roundUp(factors, 8) + (2 * size + 7) * stride),
  }, signal);
  if (failure !== null) throw notPositiveDefinite(failure.row, failure.value);
  loan.deliver(address, solved);
}
