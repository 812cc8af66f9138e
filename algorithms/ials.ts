import { z } from "zod";
import type { Csr } from "../core/kernels/csr.ts";
import { transpose } from "../core/kernels/transpose.ts";
import { FactorsModel } from "../core/models/factors.ts";
import type { FoldIn } from "../core/models/fold_in.ts";
import type { Model } from "../core/models/model.ts";
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
  /** Standard deviation of the first factors, times √n_components. */
  readonly init_std: number;
  /** `IALSPP`: observed entries count beside the unobserved; `ORIGINAL`: they replace them. */
  readonly loss_type: "IALSPP" | "ORIGINAL";
  /** Conjugate-gradient steps per row and epoch. */
  readonly max_cg_steps: number;
  /** Passes over users and items. */
  readonly train_epochs: number;
}

/**
 * Implicit alternating least squares: `Σ_S c (p·q - 1)² + α₀ Σ (p·q)²` plus a ridge weighted by frequency, solved by a
 * few conjugate-gradient steps per row. O((users + items) K² + non-zeros K) per step and epoch.
 */
export const ials: Algorithm<IalsParams> = {
  name: "IALS",
  aliases: [],
  reference:
    "Hu, Koren, Volinsky, Collaborative filtering for implicit feedback datasets, ICDM 2008; Rendle et al., Revisiting the performance of iALS on item recommendation benchmarks, RecSys 2022, https://arxiv.org/abs/2110.14037",
  params: z.strictObject({
    n_components: z.int().min(1).default(20),
    alpha0: z.number().min(0).default(1),
    reg: z.number().min(0).default(1e-3),
    nu: z.number().default(1),
    init_std: z.number().positive().default(0.1),
    loss_type: z.enum(["IALSPP", "ORIGINAL"]).default("IALSPP"),
    max_cg_steps: z.int().min(0).default(3),
    train_epochs: z.int().min(1).default(16),
  }),
  space: {
    n_components: { type: "int", low: 4, high: 300 },
    alpha0: { type: "float", low: 3e-3, high: 1, log: true },
    reg: { type: "float", low: 1e-4, high: 1e-1, log: true },
  },
  epochs: "train_epochs",
  cost({ users, items, nonZeros }, params) {
    const k = Math.min(params.n_components, users, items);
    const products = 1 + (params.max_cg_steps || k);
    return {
      // Factors twice, in kernel memory and in the model; three copies of the matrix, one of them transposed only.
      bytes: 8 * k * (users + items) + 24 * nonZeros,
      flops: params.train_epochs *
        (2 * (users + items) * k * k * (1 + products) +
          8 * nonZeros * k * products),
    };
  },
  async fit(matrix, params, context): Promise<Model> {
    const { kernels, shared } = context;
    const factors = clampFactors(params.n_components, matrix, context);
    const foldIn = {
      alpha0: params.alpha0,
      reg: params.reg,
      nu: params.nu,
      linearOffset: params.loss_type === "ORIGINAL" ? params.alpha0 : 0,
    };
    const transposed = await shared.get("transpose", () => transpose(matrix));
    using borrowed = new DisposableStack();
    const [byUser, byItem] = [matrix, transposed].map((each) =>
      borrowed.adopt(kernels.share(each), (copy) => kernels.release(copy))
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
    const half = { factors, foldIn, steps: params.max_cg_steps };
    const userSide = { ...half, ridge: ridges(byUser, foldIn) };
    const itemSide = { ...half, ridge: ridges(byItem, foldIn) };
    for (let epoch = 1; epoch <= params.train_epochs; epoch++) {
      await solveSide(byUser, items, users, userSide, context);
      await solveSide(byItem, users, items, itemSide, context);
      const next = await context.epoch?.(
        epoch,
        () => new FactorsModel({ users, items, factors, foldIn }),
      );
      if (next === "stop") break;
    }
    const gram = await kernels.gram(
      items,
      matrix.cols,
      factors,
      params.alpha0,
    );
    for (const side of [users, items]) {
      requireFinite(
        side,
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

interface Side {
  readonly factors: number;
  readonly foldIn: FoldIn;
  /** One per row that is solved. */
  readonly ridge: Float32Array;
  readonly steps: number;
}

/** Half an epoch: the rows of `matrix`, the factors of its columns held fixed. */
async function solveSide(
  matrix: Csr,
  fixed: Float32Array,
  solved: Float32Array,
  { factors, foldIn, ridge, steps }: Side,
  { kernels, signal }: FitContext,
): Promise<void> {
  const { alpha0, linearOffset } = foldIn;
  const gram = await kernels.gram(fixed, matrix.cols, factors, alpha0);
  await kernels.ialsSolve(
    { matrix, fixed, solved, factors, gram, ridge, linearOffset, steps },
    signal,
  );
}

function ridges(matrix: Csr, { alpha0, reg, nu }: FoldIn): Float32Array {
  return Float32Array.from({ length: matrix.rows }, (_, row) => {
    const count = matrix.indptr[row + 1]! - matrix.indptr[row]!;
    return reg * (alpha0 * matrix.cols + count) ** nu;
  });
}

function clampFactors(
  wanted: number,
  { rows, cols }: Csr,
  { warn }: FitContext,
): number {
  const most = Math.max(1, Math.min(rows, cols));
  if (wanted <= most) return wanted;
  warn("n_components_clamped", { requested: wanted, clamped: most });
  return most;
}
