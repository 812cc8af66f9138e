import type { PairwiseArgs } from "../learning_kernels.ts";
import type { Engine } from "./engine.ts";
import { Loan } from "./loan.ts";

/** See `assembly/pairwise.ts`. */
export async function pairwiseSteps(
  { memory, pool }: Engine,
  args: PairwiseArgs,
  signal?: AbortSignal,
): Promise<void> {
  using loan = new Loan(memory);
  const { schedule, state, seeds } = args;
  const positives = loan.csr("positives", args.positives);
  const arrays = [
    state.users,
    state.items,
    state.biases,
    state.userSquares,
    state.itemSquares,
    state.biasSquares,
  ];
  const addresses = arrays.map((array) => loan.address(array));
  await pool.run({
    kernel: "pairwise",
    args: [
      seeds.length,
      args.shift,
      loan.address(seeds),
      loan.address(schedule.starts),
      loan.address(schedule.users),
      loan.address(schedule.items),
      loan.address(schedule.blockStarts),
      loan.address(schedule.blockItems),
      positives.indptr,
      positives.indices,
      ...addresses,
      args.factors,
      args.loss === "warp" ? 1 : 0,
      args.learningRate,
      args.userDecay,
      args.itemDecay,
      args.positives.cols,
    ],
    scratchBytes: 64,
  }, signal);
  for (const [n, array] of arrays.entries()) {
    loan.deliver(addresses[n]!, array);
  }
}
