import type { ScoreKernels } from "../kernels/kernels.ts";
import { rowProduct } from "./_row_product.ts";

/** How alike items are by their factors. */
export class ItemLikeness {
  readonly #items: Float32Array;
  readonly #factors: number;
  readonly #kernels: ScoreKernels;
  readonly #direction: Float32Array;
  #inverseNorms: Float32Array | null = null;

  /** @param items Row-major, `factors` per row. */
  constructor(items: Float32Array, factors: number, kernels: ScoreKernels) {
    this.#items = items;
    this.#factors = factors;
    this.#kernels = kernels;
    this.#direction = new Float32Array(factors);
  }

  /** Writes each item's mean cosine with `seeds` to `out`: its product with the mean of theirs, all made length 1. */
  score(seeds: Uint32Array, out: Float32Array): void {
    const norms = this.#norms();
    const direction = this.#direction.fill(0);
    for (const seed of seeds) {
      const scale = norms[seed]! / seeds.length;
      for (let f = 0; f < this.#factors; f++) {
        direction[f]! += scale * this.#items[seed * this.#factors + f]!;
      }
    }
    this.#kernels.scoreFactors(direction, this.#items, this.#factors, out);
    for (let item = 0; item < out.length; item++) out[item]! *= norms[item]!;
  }

  /** The cosine of two items. */
  between(a: number, b: number): number {
    const norms = this.#norms();
    return norms[a]! * norms[b]! *
      rowProduct(this.#items, this.#factors, a, b);
  }

  #norms(): Float32Array {
    return this.#inverseNorms ??= inverseNorms(this.#items, this.#factors);
  }
}

/** One over the length of each row; 0 where a row is 0. */
function inverseNorms(items: Float32Array, k: number): Float32Array {
  return Float32Array.from({ length: items.length / k }, (_, item) => {
    let square = 0;
    for (let at = item * k; at < (item + 1) * k; at++) {
      square += items[at]! ** 2;
    }
    return square === 0 ? 0 : 1 / Math.sqrt(square);
  });
}
