import { z } from "zod";
import type { Csr } from "../core/kernels/csr.ts";
import { transpose } from "../core/kernels/transpose.ts";
import type { Model } from "../core/models/model.ts";
import { NonNegativeFactorsModel } from "../core/models/non_negative_factors.ts";
import { clampFactors } from "./_clamp_factors.ts";
import { requireFinite } from "./_require_finite.ts";
import type { Algorithm, FitContext } from "./algorithm.ts";

/** Parameters of {@linkcode nmf}. */
export interface NmfParams {
  /** Factors per user and item. */
  readonly n_components: number;
  /** Strength of the regularisation, per item for users and per user for items. */
  readonly alpha: number;
  /** Share of it that is on the factors' sums, the rest being on their squares. */
  readonly l1_ratio: number;
}

/** Sweeps over users and items at most. */
const MOST_SWEEPS = 200;
/** Share of the first sweep's projected gradients at which the sweeps end. */
const TOLERANCE = 1e-4;

/**
 * Factors of which none is negative: `½‖X - W Hᵀ‖² + α l1_ratio (I ΣW + U ΣH) + ½ α (1 - l1_ratio) (I ‖W‖² + U ‖H‖²)`,
 * by coordinate descent from random factors. O((users + items) K² + non-zeros K) per sweep.
 */
export const nmf: Algorithm<NmfParams> = {
  name: "NMF",
  aliases: [],
  reference:
    "Cichocki, Phan, Fast local algorithms for large scale nonnegative matrix and tensor factorizations, IEICE Transactions 2009, https://doi.org/10.1587/transfun.E92.A.708",
  params: z.strictObject({
    n_components: z.int().min(1).default(64),
    alpha: z.number().min(0).default(1e-2),
    l1_ratio: z.number().min(0).max(1).default(1e-2),
  }),
  space: {
    n_components: { type: "int", low: 4, high: 512 },
    alpha: { type: "float", low: 1e-10, high: 1e-1, log: true },
    l1_ratio: { type: "float", low: 0, high: 1 },
  },
  cost({ users, items, nonZeros }, { n_components }) {
    const k = Math.min(n_components, users, items);
    return {
      // Factors twice, in kernel memory and in the model; three copies of the matrix, one of them transposed only.
      bytes: 8 * k * (users + items) + 24 * nonZeros,
      flops: MOST_SWEEPS * (4 * (users + items) * k * k + 4 * nonZeros * k),
    };
  },
  async fit(matrix, params, context): Promise<Model> {
    const { kernels, shared, signal, random } = context;
    signal.throwIfAborted();
    const factors = clampFactors(params.n_components, matrix, context);
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
    const mean = matrix.values.reduce((sum, value) => sum + value, 0) /
      (matrix.rows * matrix.cols || 1);
    for (const side of [users, items]) {
      for (let n = 0; n < side.length; n++) {
        side[n] = Math.sqrt(mean / factors) * Math.abs(random.normal());
      }
    }
    const userSide = penalties(params, matrix.cols);
    const itemSide = penalties(params, matrix.rows);
    let first = 0;
    for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
      const violation =
        await sweepSide(byUser, items, users, factors, userSide, context) +
        await sweepSide(byItem, users, items, factors, itemSide, context);
      if (sweep === 0) first = violation;
      if (violation <= TOLERANCE * first) break;
    }
    const gram = await ridgeGram(items, factors, userSide.l2, context);
    for (const numbers of [users, items, gram]) {
      requireFinite(
        numbers,
        "NMF diverged: a factor is not finite; the interaction weights are too large",
      );
    }
    // Copies on the heap, because a search keeps its best models but not their places in kernel memory.
    return new NonNegativeFactorsModel({
      users: users.slice(),
      items: items.slice(),
      factors,
      gram,
      l1: userSide.l1,
    });
  },
};

interface Penalties {
  readonly l1: number;
  readonly l2: number;
}

function penalties({ alpha, l1_ratio }: NmfParams, others: number): Penalties {
  const strength = alpha * others;
  return { l1: strength * l1_ratio, l2: strength * (1 - l1_ratio) };
}

/** One sweep over the rows of `matrix`, the factors of its columns held fixed; returns the projected gradients' sum. */
async function sweepSide(
  matrix: Csr,
  fixed: Float32Array,
  solved: Float32Array,
  factors: number,
  { l1, l2 }: Penalties,
  context: FitContext,
): Promise<number> {
  const gram = await ridgeGram(fixed, factors, l2, context);
  const violations = await context.kernels.nonNegativeSweep(
    { matrix, fixed, solved, factors, gram, l1 },
    context.signal,
  );
  return violations.reduce((sum, each) => sum + each, 0);
}

/** `sideᵀ side + l2 I`. */
async function ridgeGram(
  side: Float32Array,
  factors: number,
  l2: number,
  { kernels }: FitContext,
): Promise<Float32Array> {
  const gram = await kernels.gram(side, side.length / factors, factors, 1);
  for (let f = 0; f < factors; f++) gram[f * factors + f]! += l2;
  return gram;
}
