import { createReferenceScoreKernels } from "../kernels/create_reference_score_kernels.ts";
import type { Csr } from "../kernels/csr.ts";
import type {
  Kernels,
  RankArgs,
  Ranking,
  ScoreKernels,
} from "../kernels/kernels.ts";
import { ItemLikeness } from "./_item_likeness.ts";
import { type PairwiseFoldIn, PairwiseSteps } from "./_pairwise_steps.ts";
import { refuseNotFinite } from "./_refuse_not_finite.ts";
import { TensorReader } from "./_tensor_reader.ts";
import { vector } from "./_vector.ts";
import type { History, Model, NamedTensors } from "./model.ts";

/** What a {@linkcode BiasedFactorsModel} holds; matrices are row-major, `factors` per row. */
export interface BiasedFactorsParts {
  readonly users: Float32Array;
  readonly items: Float32Array;
  /** One per item. */
  readonly biases: Float32Array;
  readonly factors: number;
  readonly foldIn: PairwiseFoldIn;
}

/** User and item factors and a bias per item: a score is the inner product and the bias. */
export class BiasedFactorsModel implements Model {
  /**
   * Decides the tensor names: `user_factors`, `item_factors` (f32, 2-d), `item_biases` (f32), `others` (u32) and
   * `fold_in` (f64, 3).
   */
  readonly kind = "biased_factors";
  readonly #parts: BiasedFactorsParts;
  readonly #kernels: ScoreKernels;
  readonly #likeness: ItemLikeness;
  /** Both matrices with the bias as one factor more. */
  #extended: { users: Float32Array; items: Float32Array } | null = null;

  /** Wraps the parts without copying. */
  constructor(
    parts: BiasedFactorsParts,
    kernels: ScoreKernels = createReferenceScoreKernels(),
  ) {
    this.#parts = parts;
    this.#kernels = kernels;
    this.#likeness = new ItemLikeness(parts.items, parts.factors, kernels);
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
  ): BiasedFactorsModel {
    const reader = new TensorReader("Biased factors model", tensors);
    const itemFactors = reader.matrix("item_factors", items);
    const factors = itemFactors.columns;
    const userFactors = reader.matrix("user_factors", users, factors);
    const biases = reader.finite("item_biases", items);
    const others = reader.vector("others", "u32");
    const settings = reader.vector("fold_in", "f64", 3);
    refuseNotFinite("Fold-in settings", settings);
    reader.end();
    for (const item of others) {
      if (item >= items) {
        throw new RangeError(`An item is ${item}, must be below ${items}`);
      }
    }
    const [warp, learningRate, decay] = settings;
    return new BiasedFactorsModel({
      users: userFactors.data,
      items: itemFactors.data,
      biases,
      factors,
      foldIn: {
        loss: warp === 0 ? "bpr" : "warp",
        learningRate: learningRate!,
        decay: decay!,
        others,
      },
    }, kernels);
  }

  /** Number of items. */
  get itemCount(): number {
    return this.#parts.biases.length;
  }

  /** Factors, biases, and how to fold in. */
  tensors(): NamedTensors {
    const { users, items, biases, factors, foldIn } = this.#parts;
    const { loss, learningRate, decay, others } = foldIn;
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
      item_biases: vector(biases),
      others: vector(others),
      fold_in: vector(
        Float64Array.of(loss === "warp" ? 1 : 0, learningRate, decay),
      ),
    };
  }

  /** The inner product of the user's factors with each item's, and its bias. O(items · factors). */
  scoreUser(user: number, _history: History, out: Float32Array): void {
    const { users, factors } = this.#parts;
    this.#score(users.subarray(user * factors, (user + 1) * factors), out);
  }

  /**
   * Learns factors for this history by the steps of training, the items held fixed, and then scores.
   * O(passes · history · factors + items · factors).
   */
  scoreHistory(history: History, out: Float32Array): void {
    const steps = new PairwiseSteps(this.#parts);
    this.#score(steps.learn(history), out);
  }

  /** Mean cosine between each item's factors and those of `seeds`; biases have no say. O(items · factors). */
  similar(seeds: Uint32Array, out: Float32Array): void {
    this.#likeness.score(seeds, out);
  }

  /**
   * Each item of the history by its weight and its cosine with the item that is scored. Steps of learning cannot be
   * taken apart, so rows do not sum to scores.
   */
  influences(history: History, items: Uint32Array, out: Float32Array): void {
    const length = history.items.length;
    for (let row = 0; row < items.length; row++) {
      for (let n = 0; n < length; n++) {
        out[row * length + n] = history.weights[n]! *
          this.#likeness.between(history.items[n]!, items[row]!);
      }
    }
  }

  /** Ranks by the product of both factor matrices, the bias being a factor of its own. */
  rankUsers(
    kernels: Kernels,
    _histories: Csr,
    args: RankArgs,
    signal?: AbortSignal,
  ): Promise<Ranking> {
    const { users, items, biases, factors } = this.#parts;
    const { users: left, items: right } = this.#extended ??= {
      users: extend(users, factors, () => 1),
      items: extend(items, factors, (item) => biases[item]!),
    };
    return kernels.rankFactors(
      {
        users: left,
        items: right,
        factors: factors + 1,
        itemCount: this.itemCount,
      },
      args,
      signal,
    );
  }

  #score(user: Float32Array, out: Float32Array): void {
    const { items, biases, factors } = this.#parts;
    this.#kernels.scoreFactors(user, items, factors, out);
    for (let item = 0; item < out.length; item++) out[item]! += biases[item]!;
  }
}

/** Rows with one factor more. */
function extend(
  matrix: Float32Array,
  factors: number,
  last: (row: number) => number,
): Float32Array {
  const rows = matrix.length / factors;
  const extended = new Float32Array(rows * (factors + 1));
  for (let row = 0; row < rows; row++) {
    const to = row * (factors + 1);
    extended.set(matrix.subarray(row * factors, (row + 1) * factors), to);
    extended[to + factors] = last(row);
  }
  return extended;
}
