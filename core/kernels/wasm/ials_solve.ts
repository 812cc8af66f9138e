import type { IalsSolveArgs } from "../kernels.ts";
import { notPositiveDefinite } from "../not_positive_definite.ts";
import { type Engine, roundUp } from "./engine.ts";
import { Loan } from "./loan.ts";

/** Rows that go through their steps together, as in the assembly. */
const BLOCK = 12;

/** See `assembly/ials.ts`. */
export async function ialsSolve(
  { memory, pool }: Engine,
  args: IalsSolveArgs,
  signal?: AbortSignal,
): Promise<void> {
  using loan = new Loan(memory);
  const { factors, solved } = args;
  const { rows, cols } = args.matrix;
  const matrix = loan.csr("matrix", args.matrix);
  const padded = roundUp(factors, 8);
  let fixed = loan.address(args.fixed);
  if (padded !== factors) {
    const from = fixed;
    fixed = loan.take(4 * cols * padded);
    await pool.run({
      kernel: "pad",
      args: [from, cols, factors, fixed],
    }, signal);
  }
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
  if (!memory.holds(solved)) {
    solved.set(
      new Float32Array(memory.memory.buffer, address, solved.length),
    );
  }
}
