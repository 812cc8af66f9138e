import type { Csr } from "../csr.ts";
import type { Kernels, RankArgs, Ranking } from "../kernels.ts";
import { type Engine, roundUp } from "./engine.ts";
import { Loan } from "./loan.ts";

/** Users and items per block of a dense product, as in the assembly. */
const USERS = 48;
const ITEMS = 256;
/** Columns of dense weights at a time, as in the assembly, and users that share them at most. */
const STRIPE = 64;
const MOST_USERS = 2048;

/** Ranks by `histories · weights`; see `assembly/rank.ts`. */
export async function rankSparse(
  { memory, pool }: Engine,
  histories: Csr,
  weights: Csr,
  args: RankArgs,
  signal?: AbortSignal,
): Promise<Ranking> {
  using loan = new Loan(memory);
  const history = loan.csr("histories", histories);
  const weight = loan.csr("weights", weights);
  const seen = loan.csr("seen", args.seen);
  const out = takeResult(loan, args);
  await pool.run({
    kernel: "rankSparse",
    args: [
      args.users.length,
      loan.address(args.users),
      history.indptr,
      history.indices,
      history.values,
      weight.indptr,
      weight.indices,
      weight.values,
      weights.cols,
      seen.indptr,
      seen.indices,
      ...out.args,
    ],
    scratchBytes: 4 * roundUp(weights.cols, 16),
  }, signal);
  return out.read();
}

/** Ranks by `histories · weights`, dense; see `assembly/rank_dense.ts`. */
export async function rankDense(
  { memory, pool }: Engine,
  histories: Csr,
  weights: Float32Array,
  args: RankArgs,
  signal?: AbortSignal,
): Promise<Ranking> {
  using loan = new Loan(memory);
  const history = loan.csr("histories", histories);
  const seen = loan.csr("seen", args.seen);
  const out = takeResult(loan, args);
  const block = Math.max(
    USERS,
    Math.min(MOST_USERS, Math.ceil(args.users.length / pool.threads / 4)),
  );
  await pool.run({
    kernel: "rankDense",
    args: [
      block,
      args.users.length,
      loan.address(args.users),
      history.indptr,
      history.indices,
      history.values,
      loan.address(weights),
      histories.cols,
      args.seen.cols,
      seen.indptr,
      seen.indices,
      ...out.args,
    ],
    scratchBytes: 4 * (STRIPE * (histories.cols + block) + 2 * block),
  }, signal);
  return out.read();
}

/** Ranks by `users · itemsᵀ`; see `assembly/rank.ts`. */
export async function rankFactors(
  { memory, pool }: Engine,
  { users, items, itemCount, factors }: Parameters<Kernels["rankFactors"]>[0],
  args: RankArgs,
  signal?: AbortSignal,
): Promise<Ranking> {
  using loan = new Loan(memory);
  const seen = loan.csr("seen", args.seen);
  const packed = loan.take(4 * roundUp(itemCount, 8) * factors);
  await pool.run({
    kernel: "packItems",
    args: [loan.address(items), itemCount, factors, packed],
  }, signal);
  const out = takeResult(loan, args);
  await pool.run({
    kernel: "rankFactors",
    args: [
      args.users.length,
      loan.address(args.users),
      loan.address(users),
      factors,
      packed,
      itemCount,
      seen.indptr,
      seen.indices,
      ...out.args,
    ],
    scratchBytes: 4 * (USERS * factors + USERS * ITEMS + 2 * USERS),
  }, signal);
  return out.read();
}

/** Room for a ranking: the arguments that name it, and how it is read out of kernel memory. */
function takeResult(
  loan: Loan,
  { users, k }: RankArgs,
): { readonly args: readonly number[]; read(): Ranking } {
  const indices = loan.u32(users.length * k);
  const scores = loan.f32(users.length * k);
  const counts = loan.u32(users.length);
  const nans = loan.u32(users.length);
  return {
    args: [
      k,
      indices.byteOffset,
      scores.byteOffset,
      counts.byteOffset,
      nans.byteOffset,
    ],
    read: () => ({
      k,
      indices: new Uint32Array(indices),
      scores: new Float32Array(scores),
      counts: new Uint32Array(counts),
      nanCount: nans.reduce((sum, n) => sum + n, 0),
    }),
  };
}
