import type { History } from "./model.ts";

/** Sweeps at most, and the change relative to the largest factor at which a sweep is the last. */
const MOST_SWEEPS = 1000;
const TOLERANCE = 1e-6;

/** Solves `min ½ pᵀ G p - bᵀ p + l1 Σ p`, `p ≥ 0`, by coordinate descent; G positive semidefinite. */
export class NonNegativeSolver {
  readonly #items: Float32Array;
  readonly #gram: Float32Array;
  readonly #l1: number;
  readonly #linear: Float64Array;
  readonly #point: Float64Array;

  /** `items` and `gram` are row-major, `factors` per row. */
  constructor(
    { items, gram, l1, factors }: {
      readonly items: Float32Array;
      readonly gram: Float32Array;
      readonly l1: number;
      readonly factors: number;
    },
  ) {
    this.#items = items;
    this.#gram = gram;
    this.#l1 = l1;
    this.#linear = new Float64Array(factors);
    this.#point = new Float64Array(factors);
  }

  /** Writes the factors that fit a history best to `out`. */
  solve({ items, weights }: History, out: Float32Array): void {
    const linear = this.#linear.fill(-this.#l1);
    const point = this.#point.fill(0);
    const k = linear.length;
    for (let n = 0; n < items.length; n++) {
      const start = items[n]! * k;
      for (let f = 0; f < k; f++) {
        linear[f]! += weights[n]! * this.#items[start + f]!;
      }
    }
    for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
      if (this.#sweep() <= TOLERANCE * Math.max(...point)) break;
    }
    out.set(point);
  }

  /** Returns the largest change. */
  #sweep(): number {
    const point = this.#point;
    const k = point.length;
    let largest = 0;
    for (let i = 0; i < k; i++) {
      const curvature = this.#gram[i * k + i]!;
      if (!(curvature > 0)) continue;
      let pull = this.#linear[i]!;
      for (let j = 0; j < k; j++) pull -= this.#gram[i * k + j]! * point[j]!;
      const value = Math.max(0, point[i]! + pull / curvature);
      largest = Math.max(largest, Math.abs(value - point[i]!));
      point[i] = value;
    }
    return largest;
  }
}
