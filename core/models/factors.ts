import { createReferenceScoreKernels } from "../kernels/create_reference_score_kernels.ts";
import type { Csr } from "../kernels/csr.ts";
import type {
  Kernels,
  RankArgs,
  Ranking,
  ScoreKernels,
} from "../kernels/kernels.ts";
import { requireTensors } from "./_require_tensors.ts";
import { solvePositiveDefinite } from "./_solve_positive_definite.ts";
import type { History, Model, NamedTensors } from "./model.ts";

/** How the factors of a user who was not in the training data are solved for. */
export interface FoldIn {
  /** Weight of the unobserved entries. */
  readonly alpha0: number;
  /** Strength of the ridge. */
  readonly reg: number;
  /** Exponent of the ridge's weight by frequency. */
  readonly nu: number;
  /** Added to each confidence in the linear term: 0 for the iALS++ loss, alpha0 for the original one. */
  readonly linearOffset: number;
}

/** What a {@linkcode FactorsModel} holds; matrices are row-major, `factors` per row. */
export interface FactorsParts {
  readonly users: Float32Array;
  readonly items: Float32Array;
  readonly factors: number;
  readonly foldIn: FoldIn;
}

/** User and item factors: a score is their inner product. */
export class FactorsModel implements Model {
  /** Decides the tensor names: `user_factors`, `item_factors` (f32, 2-d) and `fold_in` (f64, 4). */
  readonly kind = "factors";
  readonly #parts: FactorsParts;
  readonly #kernels: ScoreKernels;
  #gram: Float64Array | null = null;

  /** Wraps the factors without copying. */
  constructor(
    parts: FactorsParts,
    kernels: ScoreKernels = createReferenceScoreKernels(),
  ) {
    this.#parts = parts;
    this.#kernels = kernels;
  }

  /**
   * Opens the model's tensors.
   *
   * @throws {TypeError | RangeError} When they are not what this kind holds.
   */
  static load(
    tensors: NamedTensors,
    users: number,
    items: number,
    kernels?: ScoreKernels,
  ): FactorsModel {
    const factors = tensors.item_factors?.shape[1] ?? 0;
    if (factors === 0) throw new RangeError("Factor models must have factors");
    const { user_factors, item_factors, fold_in } = requireTensors(tensors, {
      user_factors: { dtype: "f32", shape: [users, factors] },
      item_factors: { dtype: "f32", shape: [items, factors] },
      fold_in: { dtype: "f64", shape: [4] },
    });
    const [alpha0, reg, nu, linearOffset] = fold_in as Float64Array;
    return new FactorsModel(
      {
        users: user_factors as Float32Array,
        items: item_factors as Float32Array,
        factors,
        foldIn: {
          alpha0: alpha0!,
          reg: reg!,
          nu: nu!,
          linearOffset: linearOffset!,
        },
      },
      kernels,
    );
  }

  /** Number of items. */
  get itemCount(): number {
    return this.#parts.items.length / this.#parts.factors;
  }

  /** Factors of both sides, and how to fold in. */
  tensors(): NamedTensors {
    const { users, items, factors, foldIn } = this.#parts;
    const { alpha0, reg, nu, linearOffset } = foldIn;
    return {
      user_factors: {
        dtype: "f32",
        shape: [users.length / factors, factors],
        data: users,
      },
      item_factors: {
        dtype: "f32",
        shape: [items.length / factors, factors],
        data: items,
      },
      fold_in: {
        dtype: "f64",
        shape: [4],
        data: Float64Array.of(alpha0, reg, nu, linearOffset),
      },
    };
  }

  /** The inner product of the user's factors with each item's. O(items · factors). */
  scoreUser(user: number, _history: History, out: Float32Array): void {
    const { users, items, factors } = this.#parts;
    const own = users.subarray(user * factors, (user + 1) * factors);
    this.#kernels.scoreFactors(own, items, factors, out);
  }

  /** Solves for the factors that training would give this history, exactly, then scores. O(factors³) beside scoring. */
  scoreHistory(history: History, out: Float32Array): void {
    const { items, factors } = this.#parts;
    this.#kernels.scoreFactors(this.#foldIn(history), items, factors, out);
  }

  /** Mean cosine between each item's factors and those of `items`. */
  similar(seeds: Uint32Array, out: Float32Array): void {
    const { items, factors } = this.#parts;
    const mean = new Float32Array(factors);
    for (const seed of seeds) {
      const row = items.subarray(seed * factors, (seed + 1) * factors);
      const norm = Math.hypot(...row);
      if (norm === 0) continue;
      for (let f = 0; f < factors; f++) {
        mean[f]! += row[f]! / (norm * seeds.length);
      }
    }
    this.#kernels.scoreFactors(mean, items, factors, out);
    for (let item = 0; item < out.length; item++) {
      const norm = Math.hypot(
        ...items.subarray(item * factors, (item + 1) * factors),
      );
      out[item] = norm === 0 ? 0 : out[item]! / norm;
    }
  }

  /** Ranks by the product of both factor matrices. */
  rankUsers(
    kernels: Kernels,
    _histories: Csr,
    args: RankArgs,
    signal?: AbortSignal,
  ): Promise<Ranking> {
    const { users, items, factors } = this.#parts;
    return kernels.rankFactors(
      { users, items, factors, itemCount: this.itemCount },
      args,
      signal,
    );
  }

  /** The row solve of implicit ALS: `(α₀ QᵀQ + Σ c q qᵀ + ρ I) p = Σ (c + β) q`. */
  #foldIn(history: History): Float32Array {
    const { items, factors: k, foldIn } = this.#parts;
    const matrix = this.#itemGram().slice();
    const right = new Float64Array(k);
    for (const [n, item] of history.items.entries()) {
      const row = items.subarray(item * k, (item + 1) * k);
      const weight = history.weights[n]!;
      for (let i = 0; i < k; i++) {
        right[i]! += (weight + foldIn.linearOffset) * row[i]!;
        for (let j = 0; j <= i; j++) {
          matrix[i * k + j]! += weight * row[i]! * row[j]!;
        }
      }
    }
    if (history.items.length === 0) return new Float32Array(k);
    const ridge = foldIn.reg *
      (foldIn.alpha0 * this.itemCount + history.items.length) ** foldIn.nu;
    for (let i = 0; i < k; i++) matrix[i * k + i]! += ridge;
    return Float32Array.from(solvePositiveDefinite(matrix, right));
  }

  /** Lower triangle of `α₀ QᵀQ`, made at the first unknown user. */
  #itemGram(): Float64Array {
    if (this.#gram) return this.#gram;
    const { items, factors: k, foldIn } = this.#parts;
    const gram = new Float64Array(k * k);
    for (let start = 0; start < items.length; start += k) {
      for (let i = 0; i < k; i++) {
        const scaled = foldIn.alpha0 * items[start + i]!;
        for (let j = 0; j <= i; j++) {
          gram[i * k + j]! += scaled * items[start + j]!;
        }
      }
    }
    this.#gram = gram;
    return gram;
  }
}
