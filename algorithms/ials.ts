import { z } from "zod";
import type { Csr } from "../core/kernels/csr.ts";
import { transpose } from "../core/kernels/transpose.ts";
import { confidence } from "../core/models/confidence.ts";
import { FactorsModel } from "../core/models/factors.ts";
import type { FoldIn } from "../core/models/fold_in.ts";
import type { Model } from "../core/models/model.ts";
import { clampFactors } from "./_clamp_factors.ts";
import { requireFinite } from "./_require_finite.ts";
import type { Algorithm, FitContext } from "./algorithm.ts";

/** Parameters of {@linkcode ials}. */
export interface IalsParams {
  /** Factors per user and item. */
  readonly n_components: number;
  /** Weight of the entries that were not observed. */
  readonly alpha0: number;
  /** Strength of the ridge. */
  readonly reg: number;
  /** Exponent of the ridge's weight by frequency. */
  readonly nu: number;
  /** When given, `reg` is scaled so that the whole ridge weighs as much as with this exponent. */
  readonly nu_star: number | null;
  /** Standard deviation of the first factors, times √n_components. */
  readonly init_std: number;
  /** `IALSPP`: observed entries count beside the unobserved; `ORIGINAL`: they replace them. */
  readonly loss_type: "IALSPP" | "ORIGINAL";
  /** `none`: a value is its confidence; `log`: `ln(1 + value / epsilon)` is. */
  readonly confidence_scaling: "none" | "log";
  /** The value from which on confidences grow slowly, with `log`. */
  readonly epsilon: number;
  /**
   * How a row is solved: by conjugate gradients, exactly, or exactly for one block of factors after the other, users and
   * items taking turns per block.
   */
  readonly solver: "CG" | "CHOLESKY" | "IALSPP";
  /** Conjugate-gradient steps per row and epoch; 0: as many as factors. */
  readonly max_cg_steps: number;
  /** Factors per block of IALSPP. */
  readonly ialspp_subspace_dimension: number;
  /** Passes over users and items. */
  readonly train_epochs: number;
}

/**
 * Implicit alternating least squares: `Σ_S c (p·q - 1)² + α₀ Σ (p·q)²` plus a ridge weighted by frequency. Per epoch
 * O((users + items) K² + non-zeros K) per step of CG; O((users + items) K³ / 3 + non-zeros K²) for CHOLESKY; with blocks
 * of d factors, O((users + items) K (d² / 3 + K) + non-zeros K (d + K / d)).
 */
export const ials: Algorithm<IalsParams> = {
  name: "IALS",
  aliases: [],
  reference:
    "Hu, Koren, Volinsky, Collaborative filtering for implicit feedback datasets, ICDM 2008; Rendle et al., Revisiting the performance of iALS on item recommendation benchmarks, RecSys 2022, https://arxiv.org/abs/2110.14037; Rendle et al., iALS++: Speeding up matrix factorization with subspace optimization, 2021, https://arxiv.org/abs/2110.14044",
  params: z.strictObject({
    n_components: z.int().min(1).default(20),
    alpha0: z.number().min(0).default(1),
    reg: z.number().min(0).default(1e-3),
    nu: z.number().default(1),
    nu_star: z.number().nullable().default(null),
    init_std: z.number().positive().default(0.1),
    loss_type: z.enum(["IALSPP", "ORIGINAL"]).default("IALSPP"),
    confidence_scaling: z.enum(["none", "log"]).default("none"),
    epsilon: z.number().positive().default(1),
    solver: z.enum(["CG", "CHOLESKY", "IALSPP"]).default("CG"),
    max_cg_steps: z.int().min(0).default(3),
    ialspp_subspace_dimension: z.int().min(1).default(64),
    train_epochs: z.int().min(1).default(16),
  }),
  space: {
    n_components: { type: "int", low: 4, high: 300 },
    alpha0: { type: "float", low: 3e-3, high: 1, log: true },
    reg: { type: "float", low: 1e-4, high: 1e-1, log: true },
  },
  // What irspack's own tuning takes; more epochs cost more than they bring.
  epochs: { param: "train_epochs", most: 16, between: 1, patience: 3 },
  cost({ users, items, nonZeros }, params) {
    const k = Math.min(params.n_components, users, items);
    const block = blockSize(params, k);
    const steps = 1 + (params.max_cg_steps || k);
    const epoch = params.solver === "CG"
      ? 2 * (users + items) * k * k * (1 + steps) + 8 * nonZeros * k * steps
      : 2 * (users + items) * k * (block * block / 3 + k) +
        4 * nonZeros * k * (block + k / block);
    return {
      // Factors twice, in kernel memory and in the model; three copies of the matrix, one of them transposed only.
      bytes: 8 * k * (users + items) + 24 * nonZeros,
      flops: params.train_epochs * epoch,
    };
  },
  async fit(matrix, params, context): Promise<Model> {
    const { kernels, shared } = context;
    if (
      params.solver !== "CG" && params.alpha0 === 0 && params.reg === 0
    ) {
      throw new RangeError(
        `IALS: alpha0 and reg are both 0, so that rows have no single solution for ${params.solver} to find: raise one`,
      );
    }
    const factors = clampFactors(params.n_components, matrix, context);
    const foldIn = foldInOf(matrix, params);
    const transposed = await shared.get("transpose", () => transpose(matrix));
    using borrowed = new DisposableStack();
    const [byUser, byItem] = [matrix, transposed].map((each) =>
      borrowed.adopt(
        kernels.share(withConfidences(each, foldIn)),
        (copy) => kernels.release(copy),
      )
    ) as [Csr, Csr];
    const [users, items] = [matrix.rows, matrix.cols].map((rows) =>
      borrowed.adopt(
        kernels.memory.f32(rows * factors),
        (array) => kernels.memory.free(array),
      )
    ) as [Float32Array, Float32Array];

    const deviation = params.init_std / Math.sqrt(factors);
    for (const side of [users, items]) {
      for (let n = 0; n < side.length; n++) {
        side[n] = deviation * context.random.normal();
      }
    }
    const common = { factors, foldIn, params };
    const userSide = { ...common, ridge: ridges(byUser, foldIn) };
    const itemSide = { ...common, ridge: ridges(byItem, foldIn) };
    const size = params.solver === "CG" ? factors : blockSize(params, factors);
    const gramOf = (side: Float32Array) =>
      kernels.gram(side, side.length / factors, factors, params.alpha0);
    let gram = await gramOf(items);
    for (let epoch = 1; epoch <= params.train_epochs; epoch++) {
      for (let first = 0; first < factors; first += size) {
        const userGram = { ...userSide, gram };
        await solveSide(byUser, items, users, first, userGram, context);
        const itemGram = { ...itemSide, gram: await gramOf(users) };
        await solveSide(byItem, users, items, first, itemGram, context);
        gram = await gramOf(items);
      }
      const next = await context.epoch?.(
        epoch,
        () => new FactorsModel({ users, items, factors, foldIn, gram }),
      );
      if (next === "stop") break;
    }
    for (const numbers of [users, items, gram]) {
      requireFinite(
        numbers,
        "IALS diverged: a factor is not finite; lower init_std, or raise reg or alpha0",
      );
    }
    // Copies on the heap, because a search keeps its best models but not their places in kernel memory.
    return new FactorsModel({
      users: users.slice(),
      items: items.slice(),
      factors,
      foldIn,
      gram,
    });
  },
};

function blockSize(params: IalsParams, factors: number): number {
  return params.solver === "IALSPP"
    ? Math.min(params.ialspp_subspace_dimension, factors)
    : factors;
}

interface Side {
  readonly factors: number;
  readonly foldIn: FoldIn;
  readonly params: IalsParams;
  /** One per row that is solved. */
  readonly ridge: Float32Array;
  /** `alpha0 · fixedᵀ fixed`. */
  readonly gram: Float32Array;
}

/** The rows of `matrix`, the factors of its columns held fixed; all factors, or the block that begins at `first`. */
async function solveSide(
  matrix: Csr,
  fixed: Float32Array,
  solved: Float32Array,
  first: number,
  { factors, foldIn, params, ridge, gram }: Side,
  { kernels, signal }: FitContext,
): Promise<void> {
  const { linearOffset } = foldIn;
  const rows = { matrix, fixed, solved, factors, gram, ridge, linearOffset };
  if (params.solver === "CG") {
    const steps = params.max_cg_steps;
    return await kernels.ialsSolve({ ...rows, steps }, signal);
  }
  const size = Math.min(blockSize(params, factors), factors - first);
  await kernels.ialsSolveBlock({ ...rows, first, size }, signal);
}

function foldInOf(matrix: Csr, params: IalsParams): FoldIn {
  const { alpha0, nu, nu_star } = params;
  const scale = nu_star === null
    ? 1
    : totalRidge(matrix, alpha0, nu_star) / totalRidge(matrix, alpha0, nu);
  if (!Number.isFinite(scale)) {
    throw new RangeError(
      `IALS: reg cannot be scaled from nu ${nu} to nu_star ${nu_star}: bring them closer together`,
    );
  }
  return {
    alpha0,
    reg: params.reg * scale,
    nu,
    linearOffset: params.loss_type === "ORIGINAL" ? alpha0 : 0,
    ...(params.confidence_scaling === "log" && { epsilon: params.epsilon }),
  };
}

/** `Σ_u (n_u + α₀ I)^ν + Σ_i (n_i + α₀ U)^ν`. */
function totalRidge(
  { rows, cols, indptr, indices }: Csr,
  alpha0: number,
  nu: number,
): number {
  const counts = new Float64Array(cols);
  for (const item of indices) counts[item]! += 1;
  let sum = 0;
  for (let user = 0; user < rows; user++) {
    sum += (indptr[user + 1]! - indptr[user]! + alpha0 * cols) ** nu;
  }
  for (const count of counts) sum += (count + alpha0 * rows) ** nu;
  return sum;
}

function withConfidences(matrix: Csr, { epsilon }: FoldIn): Csr {
  if (epsilon === undefined) return matrix;
  return {
    ...matrix,
    values: matrix.values.map((value) => confidence(value, epsilon)),
  };
}

function ridges(matrix: Csr, { alpha0, reg, nu }: FoldIn): Float32Array {
  return Float32Array.from({ length: matrix.rows }, (_, row) => {
    const count = matrix.indptr[row + 1]! - matrix.indptr[row]!;
    return reg * (alpha0 * matrix.cols + count) ** nu;
  });
}
