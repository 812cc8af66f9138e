import { z } from "zod";
import type { Csr } from "../core/kernels/csr.ts";
import { transpose } from "../core/kernels/transpose.ts";
import { FactorsModel } from "../core/models/factors.ts";
import type { Model } from "../core/models/model.ts";
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
    const k = params.n_components;
    const steps = (params.max_cg_steps || k) + 1;
    return {
      bytes: 4 * k * (users + items + k) + 16 * nonZeros,
      flops: params.train_epochs * steps *
        (2 * (users + items) * k * k + 8 * nonZeros * k),
    };
  },
  async fit(matrix, params, context): Promise<Model> {
    const { kernels, shared } = context;
    const factors = clampFactors(params.n_components, matrix, context);
    const byItem = await shared.get("transpose", () => transpose(matrix));
    const sides = {
      users: kernels.memory.f32(matrix.rows * factors),
      items: kernels.memory.f32(matrix.cols * factors),
    };
    try {
      const foldIn = {
        alpha0: params.alpha0,
        reg: params.reg,
        nu: params.nu,
        linearOffset: params.loss_type === "ORIGINAL" ? params.alpha0 : 0,
      };
      const solveUsers = halfEpoch(matrix, sides.items, sides.users);
      const solveItems = halfEpoch(byItem, sides.users, sides.items);
      initialise(sides.users, sides.items);
      for (let epoch = 1; epoch <= params.train_epochs; epoch++) {
        await solveUsers();
        await solveItems();
        const next = await context.epoch?.(
          epoch,
          () => new FactorsModel({ ...sides, factors, foldIn }),
        );
        if (next === "stop") break;
      }
      return new FactorsModel({
        users: requireFinite(sides.users.slice()),
        items: requireFinite(sides.items.slice()),
        factors,
        foldIn,
      });
    } finally {
      kernels.memory.free(sides.users, sides.items);
    }

    function initialise(...all: Float32Array[]): void {
      const deviation = params.init_std / Math.sqrt(factors);
      for (const side of all) {
        for (let n = 0; n < side.length; n++) {
          side[n] = deviation * context.random.normal();
        }
      }
    }

    function halfEpoch(
      rows: Csr,
      fixed: Float32Array,
      solved: Float32Array,
    ): () => Promise<void> {
      const ridge = Float32Array.from({ length: rows.rows }, (_, row) => {
        const count = rows.indptr[row + 1]! - rows.indptr[row]!;
        return params.reg * (params.alpha0 * rows.cols + count) ** params.nu;
      });
      return async () => {
        const gram = await kernels.gram(
          fixed,
          rows.cols,
          factors,
          params.alpha0,
        );
        await kernels.ialsSolve({
          matrix: rows,
          fixed,
          solved,
          factors,
          gram,
          ridge,
          linearOffset: params.loss_type === "ORIGINAL" ? params.alpha0 : 0,
          steps: params.max_cg_steps,
        }, context.signal);
      };
    }
  },
};

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

function requireFinite(factors: Float32Array): Float32Array {
  if (factors.every(Number.isFinite)) return factors;
  throw new RangeError(
    "IALS diverged: a factor is not finite; raise reg or alpha0",
  );
}
