/** How alike items are by their factors. */
export class ItemLikeness {
  readonly #items: Float32Array;
  readonly #factors: number;
  #inverseNorms: Float32Array | null = null;

  /** @param items Row-major, `factors` per row. */
  constructor(items: Float32Array, factors: number) {
    this.#items = items;
    this.#factors = factors;
  }

  /** Writes the mean of the factors of `seeds`, each made length 1, to `out`. */
  direction(seeds: Uint32Array, out: Float32Array): void {
    const norms = this.#norms();
    out.fill(0);
    for (const seed of seeds) {
      const scale = norms[seed]! / seeds.length;
      for (let f = 0; f < this.#factors; f++) {
        out[f]! += scale * this.#items[seed * this.#factors + f]!;
      }
    }
  }

  /** Turns each item's inner product with a direction into a mean cosine. */
  normalise(products: Float32Array): void {
    const norms = this.#norms();
    for (let item = 0; item < products.length; item++) {
      products[item]! *= norms[item]!;
    }
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
