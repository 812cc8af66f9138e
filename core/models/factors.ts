import { createReferenceScoreKernels } from "../kernels/create_reference_score_kernels.ts";
import type { Csr } from "../kernels/csr.ts";
import type {
  Kernels,
  RankArgs,
  Ranking,
  ScoreKernels,
} from "../kernels/kernels.ts";
import { boundedProducts } from "./_bounded_products.ts";
import { FoldInSolver } from "./_fold_in_solver.ts";
import { ItemLikeness } from "./_item_likeness.ts";
import { refuseNotFinite } from "./_refuse_not_finite.ts";
import { TensorReader } from "./_tensor_reader.ts";
import { vector } from "./_vector.ts";
import type { FoldIn } from "./fold_in.ts";
import type { Bounded, History, Model, NamedTensors } from "./model.ts";

/** What a {@linkcode FactorsModel} holds; matrices are row-major, `factors` per row. */
export interface FactorsParts {
  readonly users: Float32Array;
  readonly items: Float32Array;
  readonly factors: number;
  readonly foldIn: FoldIn;
  /** `foldIn.alpha0 · itemsᵀ items`, row-major, factors × factors; made when it is needed and not given. */
  readonly gram?: Float32Array;
}

/** User and item factors: a score is their inner product. */
export class FactorsModel implements Model {
  /** Decides the tensor names: `user_factors`, `item_factors`, `item_gram` (f32, 2-d), `fold_in` (f64, 4)
   * and, when confidences are logarithms, `epsilon` (f64, 1). */
  readonly kind = "factors";
  readonly #parts: FactorsParts;
  readonly #kernels: ScoreKernels;
  readonly #folded: Float32Array;
  #gram: Float32Array | null;
  #solver: FoldInSolver | null = null;
  readonly #likeness: ItemLikeness;
  /** Bounds by eight bits of each number. */
  readonly bounded: Bounded | null;

  /** Wraps the factors without copying. */
  constructor(
    parts: FactorsParts,
    kernels: ScoreKernels = createReferenceScoreKernels(),
  ) {
    this.#parts = parts;
    this.#kernels = kernels;
    this.#folded = new Float32Array(parts.factors);
    this.#gram = parts.gram ?? null;
    this.#likeness = new ItemLikeness(parts.items, parts.factors, kernels);
    this.bounded = boundedProducts({
      items: parts.items,
      factors: parts.factors,
      kernels,
      ofUser: (user) => this.#ofUser(user),
      ofHistory: (history) => this.#ofHistory(history),
    });
  }

  /**
   * Opens the model's tensors. One linear pass.
   *
   * @throws {TypeError | RangeError} When they are not what this kind holds.
   */
  static load(
    tensors: NamedTensors,
    users: number,
    items: number,
    kernels?: ScoreKernels,
  ): FactorsModel {
    const reader = new TensorReader("Factors model", tensors);
    const itemFactors = reader.matrix("item_factors", items);
    const factors = itemFactors.columns;
    if (factors === 0) {
      throw new RangeError("Factors model has 0 factors, must have some");
    }
    const userFactors = reader.matrix("user_factors", users, factors);
    const gram = reader.matrix("item_gram", factors, factors);
    const settings = reader.vector("fold_in", "f64", 4);
    refuseNotFinite("Fold-in settings", settings);
    const epsilon = reader.has("epsilon")
      ? reader.vector("epsilon", "f64", 1)[0]!
      : null;
    if (epsilon !== null && !(epsilon > 0 && epsilon < Infinity)) {
      throw new RangeError(
        `Factors model has epsilon ${epsilon}, must be positive and finite`,
      );
    }
    reader.end();
    const [alpha0, reg, nu, linearOffset] = settings;
    return new FactorsModel(
      {
        users: userFactors.data,
        items: itemFactors.data,
        factors,
        gram: gram.data,
        foldIn: {
          alpha0: alpha0!,
          reg: reg!,
          nu: nu!,
          linearOffset: linearOffset!,
          ...(epsilon !== null && { epsilon }),
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
    const { alpha0, reg, nu, linearOffset, epsilon } = foldIn;
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
      item_gram: {
        dtype: "f32",
        shape: [factors, factors],
        data: this.#itemGram(),
      },
      fold_in: vector(Float64Array.of(alpha0, reg, nu, linearOffset)),
      ...(epsilon !== undefined &&
        { epsilon: vector(Float64Array.of(epsilon)) }),
    };
  }

  /** The inner product of the user's factors with each item's. O(items · factors). */
  scoreUser(user: number, _history: History, out: Float32Array): void {
    const { items, factors } = this.#parts;
    this.#kernels.scoreFactors(this.#ofUser(user), items, factors, out);
  }

  /**
   * Solves for the factors that training would give this history, exactly, then scores.
   * O(factors³ + history · factors² + items · factors).
   */
  scoreHistory(history: History, out: Float32Array): void {
    const { items, factors } = this.#parts;
    this.#kernels.scoreFactors(this.#ofHistory(history), items, factors, out);
  }

  /** Mean cosine between each item's factors and those of `seeds`. O(items · factors). */
  similar(seeds: Uint32Array, out: Float32Array): void {
    this.#likeness.score(seeds, out);
  }

  /**
   * The share of each item of the history in the solution for its factors, as in section 5 of Hu, Koren and Volinsky
   * (2008). O(factors³ + history · factors² + items · (factors² + history · factors)).
   */
  influences(history: History, items: Uint32Array, out: Float32Array): void {
    this.#foldInSolver().influences(history, items, out);
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

  #ofUser(user: number): Float32Array {
    const { users, factors } = this.#parts;
    return users.subarray(user * factors, (user + 1) * factors);
  }

  #ofHistory(history: History): Float32Array {
    this.#foldInSolver().solve(history, this.#folded);
    return this.#folded;
  }

  #foldInSolver(): FoldInSolver {
    const { items, foldIn } = this.#parts;
    return this.#solver ??= new FoldInSolver(items, this.#itemGram(), foldIn);
  }

  #itemGram(): Float32Array {
    const { items, factors, foldIn } = this.#parts;
    return this.#gram ??= scaledGram(items, factors, foldIn.alpha0);
  }
}

/** `scale · itemsᵀ items`. */
function scaledGram(
  items: Float32Array,
  k: number,
  scale: number,
): Float32Array {
  const sums = new Float64Array(k * k);
  for (let start = 0; start < items.length; start += k) {
    for (let i = 0; i < k; i++) {
      const factor = items[start + i]!;
      for (let j = 0; j < k; j++) {
        sums[i * k + j]! += factor * items[start + j]!;
      }
    }
  }
  return Float32Array.from(sums, (sum) => scale * sum);
}
