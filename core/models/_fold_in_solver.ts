import { solvePositiveDefinite } from "./_solve_positive_definite.ts";
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
    const matrix = this.#matrix;
    const solution = this.#solution;
    const items = this.#items;
    const k = solution.length;
    const { alpha0, reg, nu, linearOffset, epsilon } = this.#settings;
    const count = history.items.length;
    if (count === 0) {
      out.fill(0);
      return;
    }
    matrix.set(this.#gram);
    solution.fill(0);
    const ridge = reg * (alpha0 * (items.length / k) + count) ** nu;
    for (let i = 0; i < k; i++) matrix[i * k + i]! += ridge;
    for (let n = 0; n < count; n++) {
      const start = history.items[n]! * k;
      const weight = confidence(history.weights[n]!, epsilon);
      for (let i = 0; i < k; i++) {
        const factor = items[start + i]!;
        const scaled = weight * factor;
        solution[i]! += scaled + linearOffset * factor;
        // Only the lower triangle is read.
        for (let j = 0; j <= i; j++) {
          matrix[i * k + j]! += scaled * items[start + j]!;
        }
      }
    }
    out.set(solvePositiveDefinite(matrix, solution));
  }
}
