import { createReferenceScoreKernels } from "../kernels/create_reference_score_kernels.ts";
import type { Csr } from "../kernels/csr.ts";
import type {
  Kernels,
  RankArgs,
  Ranking,
  ScoreKernels,
} from "../kernels/kernels.ts";
import { boundedProducts } from "./_bounded_products.ts";
import { ItemLikeness } from "./_item_likeness.ts";
import { NonNegativeSolver } from "./_non_negative_solver.ts";
import { refuseNotFinite } from "./_refuse_not_finite.ts";
import { TensorReader } from "./_tensor_reader.ts";
import { vector } from "./_vector.ts";
import type { Bounded, History, Model, NamedTensors } from "./model.ts";

/** What a {@linkcode NonNegativeFactorsModel} holds; matrices are row-major, `factors` per row. */
export interface NonNegativeFactorsParts {
  readonly users: Float32Array;
  readonly items: Float32Array;
  readonly factors: number;
  /** `itemsᵀ items` with the users' ridge on its diagonal, factors × factors. */
  readonly gram: Float32Array;
  /** Weight of the sum of a user's factors. */
  readonly l1: number;
}

/** User and item factors of which none is negative: a score is their inner product. */
export class NonNegativeFactorsModel implements Model {
  /** Decides the tensor names: `user_factors`, `item_factors`, `item_gram` (f32, 2-d) and `fold_in` (f64, 1). */
  readonly kind = "non_negative_factors";
  readonly #parts: NonNegativeFactorsParts;
  readonly #kernels: ScoreKernels;
  readonly #folded: Float32Array;
  readonly #solver: NonNegativeSolver;
  readonly #likeness: ItemLikeness;
  /** Bounds by eight bits of each number. */
  readonly bounded: Bounded | null;

  /** Wraps the parts without copying. */
  constructor(
    parts: NonNegativeFactorsParts,
    kernels: ScoreKernels = createReferenceScoreKernels(),
  ) {
    this.#parts = parts;
    this.#kernels = kernels;
    this.#folded = new Float32Array(parts.factors);
    this.#solver = new NonNegativeSolver(parts);
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
  ): NonNegativeFactorsModel {
    const reader = new TensorReader("Non-negative factors model", tensors);
    const itemFactors = reader.matrix("item_factors", items);
    const factors = itemFactors.columns;
    const userFactors = reader.matrix("user_factors", users, factors);
    const gram = reader.matrix("item_gram", factors, factors);
    const settings = reader.vector("fold_in", "f64", 1);
    refuseNotFinite("Fold-in settings", settings);
    reader.end();
    return new NonNegativeFactorsModel({
      users: userFactors.data,
      items: itemFactors.data,
      factors,
      gram: gram.data,
      l1: settings[0]!,
    }, kernels);
  }

  /** Number of items. */
  get itemCount(): number {
    return this.#parts.items.length / this.#parts.factors;
  }

  /** Factors of both sides, and how to fold in. */
  tensors(): NamedTensors {
    const { users, items, factors, gram, l1 } = this.#parts;
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
      item_gram: { dtype: "f32", shape: [factors, factors], data: gram },
      fold_in: vector(Float64Array.of(l1)),
    };
  }

  /** The inner product of the user's factors with each item's. O(items · factors). */
  scoreUser(user: number, _history: History, out: Float32Array): void {
    const { items, factors } = this.#parts;
    this.#kernels.scoreFactors(this.#ofUser(user), items, factors, out);
  }

  /**
   * Solves for the non-negative factors that fit this history best, then scores.
   * O(sweeps · factors² + history · factors + items · factors).
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
   * The score, factor by factor, shared among the items of the history in proportion to what each has of the factor;
   * nothing is negative, so the shares are. O(sweeps · factors² + items · history · factors).
   */
  influences(history: History, items: Uint32Array, out: Float32Array): void {
    const { items: matrix, factors } = this.#parts;
    const length = history.items.length;
    this.#solver.solve(history, this.#folded);
    out.fill(0);
    for (let f = 0; f < factors; f++) {
      if (this.#folded[f] === 0) continue;
      const shares = Float64Array.from(
        history.items,
        (item, n) => history.weights[n]! * matrix[item * factors + f]!,
      );
      const sum = shares.reduce((total, share) => total + share, 0);
      for (let row = 0; row < items.length; row++) {
        const part = this.#folded[f]! * matrix[items[row]! * factors + f]!;
        for (let n = 0; n < length; n++) {
          out[row * length + n]! += part * shares[n]! / sum;
        }
      }
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

  #ofUser(user: number): Float32Array {
    const { users, factors } = this.#parts;
    return users.subarray(user * factors, (user + 1) * factors);
  }

  #ofHistory(history: History): Float32Array {
    this.#solver.solve(history, this.#folded);
    return this.#folded;
  }
}
