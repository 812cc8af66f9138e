import type { PairwiseArgs } from "../learning_kernels.ts";
import { Breather } from "./breather.ts";

/** Other items that are drawn for one pair at most, and the largest loss of a pair, as in the assembly. */
const MOST_DRAWS = 10;
const MOST_LOSS = 10;

/** Block after block, with the same random numbers as every other implementation. */
export async function pairwiseSteps(
  args: PairwiseArgs,
  signal?: AbortSignal,
): Promise<void> {
  const { schedule, seeds, shift, factors } = args;
  const blocks = seeds.length;
  const breather = new Breather(signal);
  for (let block = 0; block < blocks; block++) {
    const other = (block + shift) % blocks;
    const stratum = other * blocks + block;
    const draw = drawFrom(args, other, seeds[block]!);
    const end = schedule.starts[stratum + 1]!;
    for (let pair = schedule.starts[stratum]!; pair < end; pair++) {
      step(args, schedule.users[pair]!, schedule.items[pair]!, draw);
      if (breather.spend(20 * factors)) await breather.pause();
    }
  }
}

/** Draws items of a block: BPR by how often they were chosen, WARP uniformly. */
function drawFrom(
  { schedule, seeds, loss }: PairwiseArgs,
  block: number,
  seed: number,
): () => number {
  const blocks = seeds.length;
  const [pool, starts, at, next] = loss === "warp"
    ? [schedule.blockItems, schedule.blockStarts, block, block + 1]
    : [
      schedule.items,
      schedule.starts,
      block * blocks,
      (block + 1) * blocks,
    ];
  const from = starts[at]!;
  const size = starts[next]! - from;
  let state = seed;
  return () => {
    // Mulberry32.
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return pool[from + ((t ^ (t >>> 14)) >>> 0) % size]!;
  };
}

function step(
  args: PairwiseArgs,
  user: number,
  item: number,
  draw: () => number,
): void {
  const { state, positives, loss } = args;
  const own = score(args, user, item);
  for (let draws = 1; draws <= MOST_DRAWS; draws++) {
    const other = draw();
    const row = positives.indices.subarray(
      positives.indptr[user]!,
      positives.indptr[user + 1]!,
    );
    if (row.includes(other)) continue;
    const theirs = score(args, user, other);
    if (loss === "bpr") {
      return update(args, user, item, other, 1 / (1 + Math.exp(own - theirs)));
    }
    if (theirs > own - 1) {
      const rank = Math.floor((state.biases.length - 1) / draws);
      const weight = Math.min(MOST_LOSS, Math.log(Math.max(1, rank)));
      if (weight > 0) update(args, user, item, other, weight);
      return;
    }
  }
}

function score(
  { state, factors: k }: PairwiseArgs,
  user: number,
  item: number,
): number {
  let sum = state.biases[item]!;
  for (let f = 0; f < k; f++) {
    sum += state.users[user * k + f]! * state.items[item * k + f]!;
  }
  return sum;
}

function update(
  { state, factors: k, learningRate, userDecay, itemDecay }: PairwiseArgs,
  user: number,
  item: number,
  other: number,
  weight: number,
): void {
  const { users, items, biases, userSquares, itemSquares, biasSquares } = state;
  const byItem = { learningRate, decay: itemDecay };
  const byUser = { learningRate, decay: userDecay };
  move(biases, biasSquares, item, -weight, byItem);
  move(biases, biasSquares, other, weight, byItem);
  for (let f = 0; f < k; f++) {
    const [atUser, atItem, atOther] = [
      user * k + f,
      item * k + f,
      other * k + f,
    ];
    const p = users[atUser]!;
    const difference = items[atOther]! - items[atItem]!;
    move(users, userSquares, atUser, weight * difference, byUser);
    move(items, itemSquares, atItem, -weight * p, byItem);
    move(items, itemSquares, atOther, weight * p, byItem);
  }
}

/** One Adagrad step with decoupled weight decay. */
function move(
  values: Float32Array,
  squares: Float32Array,
  at: number,
  gradient: number,
  { learningRate, decay }: { learningRate: number; decay: number },
): void {
  const rate = learningRate / Math.sqrt(squares[at]!);
  values[at] = values[at]! * Math.max(0, 1 - rate * decay) - rate * gradient;
  squares[at]! += gradient * gradient;
}
