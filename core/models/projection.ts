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
import { rowProduct } from "./_row_product.ts";
import { TensorReader } from "./_tensor_reader.ts";
import type { Bounded, History, Model, NamedTensors } from "./model.ts";

/** Item factors alone: a history is projected on them, `history · V Vᵀ`. */
export class ProjectionModel implements Model {
  /** Decides the tensor name: `item_factors` (f32, 2-d). */
  readonly kind = "projection";
  readonly #items: Float32Array;
  readonly #factors: number;
  readonly #kernels: ScoreKernels;
  readonly #projected: Float32Array;
  readonly #likeness: ItemLikeness;
  /** Bounds by eight bits of each number. */
  readonly bounded: Bounded | null;
  /** Factors of all users, of the last matrix that was ranked by. */
  #users: { readonly histories: Csr; readonly factors: Float32Array } | null =
    null;

  /**
   * Wraps the factors without copying.
   *
   * @param items Row-major, `factors` per row.
   */
  constructor(
    items: Float32Array,
    factors: number,
    kernels: ScoreKernels = createReferenceScoreKernels(),
  ) {
    this.#items = items;
    this.#factors = factors;
    this.#kernels = kernels;
    this.#projected = new Float32Array(factors);
    this.#likeness = new ItemLikeness(items, factors, kernels);
    this.bounded = boundedProducts({
      items,
      factors,
      kernels,
      ofUser: (_user, history) => this.#ofHistory(history),
      ofHistory: (history) => this.#ofHistory(history),
    });
  }

  /**
   * Opens the model's tensors. Linear time.
   *
   * @throws {TypeError | RangeError} When they are not what this kind holds.
   */
  static load(
    tensors: NamedTensors,
    items: number,
    kernels?: ScoreKernels,
  ): ProjectionModel {
    const reader = new TensorReader("Projection model", tensors);
    const { data, columns } = reader.matrix("item_factors", items);
    reader.end();
    if (columns === 0) {
      throw new RangeError("Projection model has 0 factors, must have some");
    }
    return new ProjectionModel(data, columns, kernels);
  }

  /** Number of items. */
  get itemCount(): number {
    return this.#items.length / this.#factors;
  }

  /** The factors. */
  tensors(): NamedTensors {
    return {
      item_factors: {
        dtype: "f32",
        shape: [this.itemCount, this.#factors],
        data: this.#items,
      },
    };
  }

  /** The history decides, not the user. */
  scoreUser(_user: number, history: History, out: Float32Array): void {
    this.scoreHistory(history, out);
  }

  /** Projects the history, then takes the inner product with each item's factors. O((history + items) · factors). */
  scoreHistory(history: History, out: Float32Array): void {
    this.#kernels.scoreFactors(
      this.#ofHistory(history),
      this.#items,
      this.#factors,
      out,
    );
  }

  /** Mean cosine between each item's factors and those of `seeds`. O(items · factors). */
  similar(seeds: Uint32Array, out: Float32Array): void {
    this.#likeness.score(seeds, out);
  }

  /** Each item of the history by the inner product of its factors with those of the item that is scored. */
  influences(history: History, items: Uint32Array, out: Float32Array): void {
    const length = history.items.length;
    for (let row = 0; row < items.length; row++) {
      for (let n = 0; n < length; n++) {
        out[row * length + n] = history.weights[n]! *
          rowProduct(
            this.#items,
            this.#factors,
            history.items[n]!,
            items[row]!,
          );
      }
    }
  }

  /** Projects all histories, once for any number of calls, then ranks by the product with the items' factors. */
  async rankUsers(
    kernels: Kernels,
    histories: Csr,
    args: RankArgs,
    signal?: AbortSignal,
  ): Promise<Ranking> {
    if (this.#users?.histories !== histories) {
      const factors = await kernels.sparseTimesDense(
        histories,
        this.#items,
        this.#factors,
        signal,
      );
      this.#users = { histories, factors };
    }
    return await kernels.rankFactors(
      {
        users: this.#users.factors,
        items: this.#items,
        itemCount: this.itemCount,
        factors: this.#factors,
      },
      args,
      signal,
    );
  }

  #ofHistory({ items, weights }: History): Float32Array {
    this.#kernels.scoreDense(items, weights, this.#items, this.#projected);
    return this.#projected;
  }
}
