import { factorise, solveFactorised } from "./_cholesky.ts";
import { confidence } from "./confidence.ts";
import type { FoldIn } from "./fold_in.ts";
import type { History } from "./model.ts";

/** Solves for the factors that training would give a history, exactly. Keeps its working memory between calls. */
export class FoldInSolver {
  readonly #items: Float32Array;
  readonly #settings: FoldIn;
  readonly #gram: Float32Array;
  readonly #matrix: Float64Array;
  readonly #solution: Float64Array;

  /**
   * @param items Item factors, row-major.
   * @param gram `alpha0 · itemsᵀ items`, row-major, factors × factors.
   */
  constructor(items: Float32Array, gram: Float32Array, settings: FoldIn) {
    this.#items = items;
    this.#gram = gram;
    this.#settings = settings;
    this.#matrix = new Float64Array(gram.length);
    this.#solution = new Float64Array(Math.sqrt(gram.length));
  }

  /**
   * Writes the solution of `(α₀ QᵀQ + Σ c q qᵀ + ρ I) p = Σ (c + β) q` to `out`; an empty history gives 0.
   * O(factors³ + history · factors²).
   *
   * @throws {RangeError} When the matrix is not positive definite, which is so for reg 0 and too short a history only.
   */
  solve(history: History, out: Float32Array): void {
    if (history.items.length === 0) {
      out.fill(0);
      return;
    }
    const solution = this.#solution.fill(0);
    const k = solution.length;
    for (let n = 0; n < history.items.length; n++) {
      const start = history.items[n]! * k;
      const pull = this.#pull(history.weights[n]!);
      for (let f = 0; f < k; f++) {
        solution[f]! += pull * this.#items[start + f]!;
      }
    }
    this.#factorise(history);
    out.set(solveFactorised(this.#matrix, solution));
  }

  /**
   * Writes the part of each item of the history in the score of each of `items`, row-major, items × history: the
   * solution is linear in the right side once the matrix is known.
   *
   * @throws {RangeError} As {@linkcode FoldInSolver.solve}.
   */
  influences(history: History, items: Uint32Array, out: Float32Array): void {
    const length = history.items.length;
    if (length === 0) return;
    this.#factorise(history);
    const solution = this.#solution;
    const k = solution.length;
    for (let row = 0; row < items.length; row++) {
      const from = items[row]! * k;
      for (let f = 0; f < k; f++) solution[f] = this.#items[from + f]!;
      solveFactorised(this.#matrix, solution);
      for (let n = 0; n < length; n++) {
        const start = history.items[n]! * k;
        let sum = 0;
        for (let f = 0; f < k; f++) {
          sum += solution[f]! * this.#items[start + f]!;
        }
        out[row * length + n] = this.#pull(history.weights[n]!) * sum;
      }
    }
  }

  /** Weight of an interaction in the linear term. */
  #pull(weight: number): number {
    const { epsilon, linearOffset } = this.#settings;
    return confidence(weight, epsilon) + linearOffset;
  }

  /** Makes `matrix` the Cholesky factor for a history. */
  #factorise(history: History): void {
    const matrix = this.#matrix;
    const items = this.#items;
    const k = this.#solution.length;
    const { alpha0, reg, nu, epsilon } = this.#settings;
    const count = history.items.length;
    matrix.set(this.#gram);
    const ridge = reg * (alpha0 * (items.length / k) + count) ** nu;
    for (let i = 0; i < k; i++) matrix[i * k + i]! += ridge;
    for (let n = 0; n < count; n++) {
      const start = history.items[n]! * k;
      const weight = confidence(history.weights[n]!, epsilon);
      for (let i = 0; i < k; i++) {
        const scaled = weight * items[start + i]!;
        // Only the lower triangle is read.
        for (let j = 0; j <= i; j++) {
          matrix[i * k + j]! += scaled * items[start + j]!;
        }
      }
    }
    factorise(matrix, k);
  }
}
