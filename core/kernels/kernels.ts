/**
 * What the numeric kernels offer. Two implementations stand behind one interface: plain TypeScript (the reference)
 * and WebAssembly SIMD on a pool of workers over shared memory. One suite tests both.
 *
 * @module
 */
import type { CompactCsr } from "./compact_csr.ts";
import type { Csr } from "./csr.ts";
import type { DenseKernels } from "./dense_kernels.ts";
import type { LearningKernels } from "./learning_kernels.ts";
import type { TriangleKernels } from "./triangle_kernels.ts";

/** Top-`k` of many rows: row `r` has `counts[r]` columns, best first, at `indices[r * k]`. */
export interface Ranking {
  /** Most columns per row. */
  readonly k: number;
  /** Columns by falling score, ties by rising column; length `rows * k`. */
  readonly indices: Uint32Array;
  /** Their scores; length `rows * k`. */
  readonly scores: Float32Array;
  /** How many columns each row really has; length `rows`. */
  readonly counts: Uint32Array;
  /** Scores that were NaN and therefore left out. */
  readonly nanCount: number;
}

/** Arguments of {@linkcode Kernels.similarityTopK}. */
export interface SimilarityArgs {
  /** Left factor, one row per item: items × users. */
  readonly left: Csr;
  /** Right factor, users × items. */
  readonly right: Csr;
  /** Row part `a` of the divisor; length `left.rows`. */
  readonly rowNorm: Float32Array;
  /** Column part `b` of the divisor; length `right.cols`. */
  readonly colNorm: Float32Array;
  /** Constant part `c` of the divisor. */
  readonly shrinkage: number;
  /** Makes the divisor of an entry s additive: `overlap · s + a_i + b_j + c`, as set similarities need it. */
  readonly overlap?: number;
  /** Entries kept per row. */
  readonly topK: number;
}

/** Arguments of {@linkcode Kernels.ialsSolve}. */
export interface IalsSolveArgs {
  /** Confidences of the side that is solved: rows × fixed rows. */
  readonly matrix: Csr;
  /** Factors of the other side, row-major, `matrix.cols × factors`. */
  readonly fixed: Float32Array;
  /** Factors that are solved in place, row-major, `matrix.rows × factors`; their content is where CG starts. */
  readonly solved: Float32Array;
  /** Number of factors per row. */
  readonly factors: number;
  /** `alpha0 · fixedᵀ fixed`, row-major, `factors × factors`. */
  readonly gram: Float32Array;
  /** Ridge per solved row; length `matrix.rows`. */
  readonly ridge: Float32Array;
  /** Added to each confidence in the linear term: 0 (iALS++ loss) or alpha0 (original loss). */
  readonly linearOffset: number;
  /** Conjugate-gradient steps at most; 0 means `factors`. */
  readonly steps: number;
}

/** Which users to rank, and what to leave out. */
export interface RankArgs {
  /** Rows to rank. */
  readonly users: Uint32Array;
  /** Columns to leave out of each user's list, indexed by user. */
  readonly seen: Csr;
  /** Length of the lists. */
  readonly k: number;
}

/** Allocates typed arrays in memory that the kernels use in place. */
export interface Memory {
  /** `n` floats, zeroed, 64-byte aligned. */
  f32(n: number): Float32Array;
  /** `n` unsigned integers, zeroed, 64-byte aligned. */
  u32(n: number): Uint32Array;
  /** Gives back an array that came from this memory; other arrays are ignored. */
  free(...arrays: readonly (Float32Array | Uint32Array)[]): void;
  /** Most bytes in use at once since the last call, or since there is this memory; null where they are not counted. */
  takePeak(): number | null;
}

/** Numeric kernels for training and evaluation. Arrays outside {@linkcode Kernels.memory} are copied in and out. */
export interface Kernels
  extends DenseKernels, LearningKernels, TriangleKernels {
  /** How many threads work on one call. */
  readonly threads: number;
  /** What built the kernels, such as `wasm-simd-relaxed` or `typescript`; recorded in the artifact. */
  readonly engine: string;
  /** The memory that kernels use without copies. */
  readonly memory: Memory;
  /** Copies a matrix into kernel memory; release with {@linkcode Kernels.release}. */
  share(matrix: Csr): Csr;
  /** Frees the arrays of a shared matrix. */
  release(matrix: Csr): void;
  /**
   * Rows of `left · right`, each entry divided by `a_i · b_j + c`, or by the additive divisor, cut to the `topK`
   * largest per row (ties: lower column first; only structural non-zeros), columns ascending.
   */
  similarityTopK(args: SimilarityArgs, signal?: AbortSignal): Promise<Csr>;
  /** `scale · factorsᵀ factors` for row-major `rows × k` factors; returns `k × k`, row-major. */
  gram(
    factors: Float32Array,
    rows: number,
    k: number,
    scale: number,
  ): Promise<Float32Array>;
  /** One half epoch of implicit ALS by conjugate gradients, all rows of `matrix`; rows without entries become 0. */
  ialsSolve(args: IalsSolveArgs, signal?: AbortSignal): Promise<void>;
  /** Ranks by `histories · weights` (item-to-item weights, row = item of the history). */
  rankSparse(
    histories: Csr,
    weights: Csr,
    args: RankArgs,
    signal?: AbortSignal,
  ): Promise<Ranking>;
  /** Ranks by `userFactors · itemFactorsᵀ`, both row-major with `k` factors per row. */
  rankFactors(
    factors: {
      users: Float32Array;
      items: Float32Array;
      itemCount: number;
      factors: number;
    },
    args: RankArgs,
    signal?: AbortSignal,
  ): Promise<Ranking>;
  /** Ends the workers. */
  close(): void;
}

/** Rows of factors in eight bits each, which bound products with them from above at a quarter of the cost. */
export interface QuantizedRows extends Disposable {
  /**
   * Writes upper bounds of what {@linkcode ScoreKernels.scoreFactors} gives for the same `user` to `out`, which is as
   * long as there are rows. They lie above it by about 2 % of the lengths of both vectors. False when the vector is
   * too long for numbers of this kind, and nothing is bounded.
   */
  bound(user: Float32Array, out: Float32Array): boolean;
}

/** Numeric kernels for serving: one thread, synchronous, on the memory that holds the artifact. */
export interface ScoreKernels {
  /** Room for `length` scores where they need not be copied, the same at each call; its content is undefined. */
  scores(length: number): Float32Array;
  /** `out[i] = items[i] · user` for row-major `items`, `factors` per row. */
  scoreFactors(
    user: Float32Array,
    items: Float32Array,
    factors: number,
    out: Float32Array,
  ): void;
  /** As {@linkcode ScoreKernels.scoreFactors}, to the bit: `out[n] = items[which[n]] · user`. */
  scoreSome(
    user: Float32Array,
    items: Float32Array,
    factors: number,
    which: Uint32Array,
    out: Float32Array,
  ): void;
  /** Null where bounds would save nothing, or there is no room. Linear time, a quarter of the memory of `items`. */
  quantize(items: Float32Array, factors: number): QuantizedRows | null;
  /** `out[j] = Σ weights[h] · matrix[items[h], j]`; a compact matrix is not expanded. */
  scoreSparse(
    items: Uint32Array,
    weights: Float32Array,
    matrix: Csr | CompactCsr,
    out: Float32Array,
  ): void;
  /** `out[j] = Σ weights[h] · matrix[items[h], j]` for a row-major `matrix` with as many columns as `out` has elements. */
  scoreDense(
    items: Uint32Array,
    weights: Float32Array,
    matrix: Float32Array,
    out: Float32Array,
  ): void;
  /**
   * The `k` best finite scores by (score falling, index rising); fills `indices` and `values`, returns how many.
   * Entries to leave out are `-Infinity` in `scores`.
   */
  topK(
    scores: Float32Array,
    k: number,
    indices: Uint32Array,
    values: Float32Array,
  ): number;
  /** Indices of the scores that are `least` or more, rising; valid until the next call. */
  atLeast(scores: Float32Array, least: number): Uint32Array;
}
