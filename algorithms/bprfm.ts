import { z } from "zod";
import type { Csr } from "../core/kernels/csr.ts";
import type { PairwiseState } from "../core/kernels/learning_kernels.ts";
import type { Random } from "../core/kernels/random.ts";
import { BiasedFactorsModel } from "../core/models/biased_factors.ts";
import type { Model } from "../core/models/model.ts";
import { blockCount, EpochSchedule, partCount } from "./_pairwise_schedule.ts";
import { clampFactors } from "./_clamp_factors.ts";
import { requireFinite } from "./_require_finite.ts";
import type { Algorithm } from "./algorithm.ts";

/** Parameters of {@linkcode bprfm}. */
export interface BprfmParams {
  /** Factors per user and item. */
  readonly n_components: number;
  /** Weight decay of the items' factors and biases. */
  readonly item_alpha: number;
  /** Weight decay of the users' factors. */
  readonly user_alpha: number;
  /** `bpr`: pairs in the wrong order weigh by how wrong it is; `warp`: by the rank that they stand for. */
  readonly loss: "bpr" | "warp";
  /** Passes over the interactions. */
  readonly train_epochs: number;
}

/** First step length of Adagrad. */
const LEARNING_RATE = 0.05;
/** Items that newcomers' histories are set against. */
const OTHERS = 4096;

/**
 * Factors that rank what a user has above what the user has not, learned by stochastic gradient steps on pairs of the
 * two. The weights of interactions have no say. O(interactions · factors) per epoch; the same bits for any number of
 * threads.
 */
export const bprfm: Algorithm<BprfmParams> = {
  name: "BPRFM",
  aliases: [],
  reference:
    "Rendle et al., BPR: Bayesian personalized ranking from implicit feedback, UAI 2009, https://arxiv.org/abs/1205.2618; Weston et al., WSABIE: Scaling up to large vocabulary image annotation, IJCAI 2011; Kula, Metadata embeddings for user and item cold-start recommendations, 2015, https://arxiv.org/abs/1507.08439",
  params: z.strictObject({
    n_components: z.int().min(1).default(128),
    item_alpha: z.number().min(0).default(1e-9),
    user_alpha: z.number().min(0).default(1e-9),
    loss: z.enum(["bpr", "warp"]).default("bpr"),
    train_epochs: z.int().min(1).default(128),
  }),
  space: {
    n_components: { type: "int", low: 4, high: 256 },
    item_alpha: { type: "float", low: 1e-9, high: 1e-2, log: true },
    user_alpha: { type: "float", low: 1e-9, high: 1e-2, log: true },
    loss: { type: "categorical", choices: ["bpr", "warp"] },
  },
  epochs: { param: "train_epochs", most: 128, between: 5, patience: 5 },
  cost({ users, items, nonZeros }, { n_components, train_epochs }) {
    return {
      // Factors and their squared gradients, and factors once more in the model; pairs twice, and the pattern.
      bytes: 12 * (n_components + 4) * (users + items) + 24 * nonZeros,
      flops: 30 * train_epochs * nonZeros * n_components,
    };
  },
  async fit(matrix, params, context): Promise<Model> {
    const { kernels, signal, random } = context;
    signal.throwIfAborted();
    using borrowed = new DisposableStack();
    const f32 = (length: number) =>
      borrowed.adopt(
        kernels.memory.f32(length),
        (array) => kernels.memory.free(array),
      );
    const u32 = (length: number) =>
      borrowed.adopt(
        kernels.memory.u32(length),
        (array) => kernels.memory.free(array),
      );
    const chosen = positives(matrix);
    const shared = borrowed.adopt(
      kernels.share(chosen),
      (copy) => kernels.release(copy),
    );
    const blocks = blockCount(chosen);
    const parts = partCount(chosen, blocks);
    const schedule = new EpochSchedule(chosen, { blocks, parts }, u32);
    const factors = clampFactors(params.n_components, matrix, context);
    const padded = Math.ceil(factors / 4) * 4;
    const state = startState(matrix, factors, padded, random, f32);
    const seeds = u32(blocks);
    const others = drawOthers(chosen, params.loss, random.fork("newcomers"));
    const current = () =>
      modelOf(state, { ...params, n_components: factors }, padded, others);
    for (let epoch = 1; epoch <= params.train_epochs; epoch++) {
      schedule.shuffle(random);
      for (let turn = 0; turn < parts * blocks; turn++) {
        if (turn % blocks === 0) schedule.take(turn / blocks, random);
        for (let n = 0; n < blocks; n++) seeds[n] = random.int(2 ** 32);
        await kernels.pairwiseSteps({
          state,
          schedule,
          positives: shared,
          factors: padded,
          shift: turn % blocks,
          seeds,
          loss: params.loss,
          learningRate: LEARNING_RATE,
          userDecay: params.user_alpha,
          itemDecay: params.item_alpha,
        }, signal);
      }
      if (await context.epoch?.(epoch, current) === "stop") break;
    }
    return current();
  },
};

/** The pattern without what is not positive. */
function positives(matrix: Csr): Csr {
  const { rows, cols, indptr, indices, values } = matrix;
  if (values.every((value) => value > 0)) return matrix;
  const kept = { indices: [] as number[], values: [] as number[] };
  const starts = new Uint32Array(rows + 1);
  for (let row = 0; row < rows; row++) {
    for (let n = indptr[row]!; n < indptr[row + 1]!; n++) {
      if (!(values[n]! > 0)) continue;
      kept.indices.push(indices[n]!);
      kept.values.push(values[n]!);
    }
    starts[row + 1] = kept.indices.length;
  }
  return {
    rows,
    cols,
    indptr: starts,
    indices: Uint32Array.from(kept.indices),
    values: Float32Array.from(kept.values),
  };
}

/** Factors uniform in ±½ / factors, the padding 0; biases 0; squared gradients 1. */
function startState(
  { rows, cols }: Csr,
  factors: number,
  padded: number,
  random: Random,
  room: (length: number) => Float32Array,
): PairwiseState {
  const factorsOf = (count: number) => {
    const matrix = room(count * padded);
    for (let n = 0; n < matrix.length; n++) {
      if (n % padded < factors) matrix[n] = (random.float() - 0.5) / factors;
    }
    return matrix;
  };
  return {
    users: factorsOf(rows),
    items: factorsOf(cols),
    biases: room(cols),
    userSquares: room(rows * padded).fill(1),
    itemSquares: room(cols * padded).fill(1),
    biasSquares: room(cols).fill(1),
  };
}

/** Draws as training does: BPR by how often items were chosen, WARP uniformly. */
function drawOthers(
  { cols, indices }: Csr,
  loss: BprfmParams["loss"],
  random: Random,
): Uint32Array {
  const pool = loss === "bpr" ? indices : null;
  const size = pool?.length ?? cols;
  if (size === 0) return new Uint32Array();
  return Uint32Array.from({ length: OTHERS }, () => {
    const drawn = random.int(size);
    return pool ? pool[drawn]! : drawn;
  });
}

function modelOf(
  state: PairwiseState,
  { n_components: factors, user_alpha, loss }: BprfmParams,
  padded: number,
  others: Uint32Array,
): Model {
  const trim = (matrix: Float32Array) =>
    padded === factors
      ? matrix.slice()
      : matrix.filter((_, n) => n % padded < factors);
  const users = trim(state.users);
  const items = trim(state.items);
  const biases = state.biases.slice();
  for (const numbers of [users, items, biases]) {
    requireFinite(
      numbers,
      "BPRFM diverged: a factor is not finite; lower item_alpha or user_alpha",
    );
  }
  return new BiasedFactorsModel({
    users,
    items,
    biases,
    factors,
    foldIn: { loss, learningRate: LEARNING_RATE, decay: user_alpha, others },
  });
}
