import type { IalsSolveArgs } from "../kernels.ts";
import { notPositiveDefinite } from "../not_positive_definite.ts";
import { type Engine, roundUp } from "./engine.ts";
import { Loan } from "./loan.ts";
import { padRows } from "./pad_rows.ts";

/** Rows that go through their steps together, as in the assembly. */
const BLOCK = 12;

/** See `assembly/ials.ts`. */
export async function ialsSolve(
  engine: Engine,
  args: IalsSolveArgs,
  signal?: AbortSignal,
): Promise<void> {
  const { memory, pool } = engine;
  using loan = new Loan(memory);
  const { factors, solved } = args;
  const { rows } = args.matrix;
  const matrix = loan.csr("matrix", args.matrix);
  const padded = roundUp(factors, 8);
  const fixed = await padRows(engine, loan, args.fixed, factors, signal);
  const address = loan.address(solved);
  const failure = await pool.run({
    kernel: "ials",
    args: [
      rows,
      matrix.indptr,
      matrix.indices,
      matrix.values,
      fixed,
      address,
      factors,
      loan.address(args.gram),
      loan.address(args.ridge),
      args.linearOffset,
      args.steps === 0 ? factors : args.steps,
    ],
    scratchBytes: 4 *
      (padded * factors + BLOCK * factors + 4 * BLOCK * padded + BLOCK),
  }, signal);
  if (failure !== null) throw notPositiveDefinite(failure.row, failure.value);
  loan.deliver(address, solved);
}
