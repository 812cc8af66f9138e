/**
 * What single learners need of the kernels, beside what they share.
 *
 * @module
 */
import type { Csr } from "./csr.ts";
import type { IalsSolveArgs } from "./kernels.ts";

/** Arguments of {@linkcode LearningKernels.ialsSolveBlock}. */
export interface IalsBlockArgs extends Omit<IalsSolveArgs, "steps"> {
  /** First factor of the block. */
  readonly first: number;
  /** Number of factors in the block. */
  readonly size: number;
}

/** Arguments of {@linkcode LearningKernels.nonNegativeSweep}. */
export interface NonNegativeArgs {
  /** Values of the side that is solved: rows × fixed rows. */
  readonly matrix: Csr;
  /** Factors of the other side, row-major, `matrix.cols × factors`. */
  readonly fixed: Float32Array;
  /** Factors that are solved in place, none negative, row-major, `matrix.rows × factors`. */
  readonly solved: Float32Array;
  /** Number of factors per row. */
  readonly factors: number;
  /** `fixedᵀ fixed`, the ridge added to its diagonal; row-major, `factors × factors`. */
  readonly gram: Float32Array;
  /** Weight of the sum of a row's factors. */
  readonly l1: number;
}

/** Arguments of {@linkcode LearningKernels.elasticNet}. */
export interface ElasticNetArgs {
  /** `XᵀX`, all of its entries: items × items. */
  readonly gram: Csr;
  /** Weight of `‖w‖₁`. */
  readonly l1: number;
  /** Weight of `½‖w‖²`. */
  readonly l2: number;
  /** Whether weights below 0 are ruled out. */
  readonly positiveOnly: boolean;
  /** Rounds at most; each settles the active weights by as many sweeps at most, and then visits all weights. */
  readonly rounds: number;
  /** A visit of all weights that changes none by this much ends the target. */
  readonly tolerance: number;
  /** Weights kept per target: the largest by magnitude. */
  readonly topK: number;
}

/** Arguments of {@linkcode LearningKernels.localRidge}. */
export interface LocalRidgeArgs {
  /** X: users × items. */
  readonly matrix: Csr;
  /** Its transpose. */
  readonly transposed: Csr;
  /** Added to the square of each item's column; length `matrix.cols`. */
  readonly ridge: Float32Array;
  /** Items at most that predict a target. */
  readonly neighbours: number;
}

/** Arguments of {@linkcode LearningKernels.graphFilter}. */
export interface GraphFilterArgs {
  /** `M` of the operator `P = MᵀM`: users × items. */
  readonly matrix: Csr;
  /** Its transpose. */
  readonly transposed: Csr;
  /** What is filtered: rows × items. */
  readonly signals: Csr;
  /** Coefficients of `P`, `P²` and so on; one at least. */
  readonly coefficients: readonly number[];
  /** What is added is `left · rightᵀ`: row-major, rows × `rank`. */
  readonly left: Float32Array;
  /** Row-major, items × `rank`. */
  readonly right: Float32Array;
  /** 0: nothing is added. */
  readonly rank: number;
  /** Entries kept per row: the largest by magnitude. */
  readonly topK: number;
}

/** Factors that pairwise steps learn, with the sums of their squared gradients; rows of `factors` floats. */
export interface PairwiseState {
  /** Users' factors. */
  readonly users: Float32Array;
  /** Items' factors. */
  readonly items: Float32Array;
  /** One per item. */
  readonly biases: Float32Array;
  /** As `users`. */
  readonly userSquares: Float32Array;
  /** As `items`. */
  readonly itemSquares: Float32Array;
  /** As `biases`. */
  readonly biasSquares: Float32Array;
}

/** Pairs of a user and an item that the user has, sorted by item block and then by user block. */
export interface PairwiseSchedule {
  /** User of each pair. */
  readonly users: Uint32Array;
  /** Item of each pair. */
  readonly items: Uint32Array;
  /** Start of the pairs of item block c and user block b at `c · blocks + b`; length `blocks² + 1`. */
  readonly starts: Uint32Array;
  /** All items, sorted by block. */
  readonly blockItems: Uint32Array;
  /** Start of each item block in `blockItems`; length `blocks + 1`. */
  readonly blockStarts: Uint32Array;
}

/** Arguments of {@linkcode LearningKernels.pairwiseSteps}. */
export interface PairwiseArgs {
  /** What is learned, in place. */
  readonly state: PairwiseState;
  /** From which pairs. */
  readonly schedule: PairwiseSchedule;
  /** Which items a user has: users × items. */
  readonly positives: Csr;
  /** Multiple of 4. */
  readonly factors: number;
  /** User block b meets item block `(b + shift) mod blocks`. */
  readonly shift: number;
  /** Seed of the random numbers of each user block; length `blocks`. */
  readonly seeds: Uint32Array;
  /** Which loss: of the order of a pair, or of the rank that it stands for. */
  readonly loss: "bpr" | "warp";
  /** First step length. */
  readonly learningRate: number;
  /** Weight decay of the users' factors. */
  readonly userDecay: number;
  /** Weight decay of the items' factors and biases. */
  readonly itemDecay: number;
}

/** Kernels that one learner each calls for. Arrays outside kernel memory are copied in and out. */
export interface LearningKernels {
  /**
   * Half an epoch of iALS++: solves exactly for one block of factors of every row, the others held fixed; rows without
   * entries become 0. O(rows · (size³ / 3 + size · factors) + non-zeros · (size² + factors)).
   */
  ialsSolveBlock(args: IalsBlockArgs, signal?: AbortSignal): Promise<void>;
  /**
   * One sweep of coordinate descent over all rows of a non-negative least-squares problem; returns each row's sum of
   * projected gradients, met on the way. O(rows · factors² + non-zeros · factors).
   */
  nonNegativeSweep(
    args: NonNegativeArgs,
    signal?: AbortSignal,
  ): Promise<Float32Array>;
  /**
   * For every item j the weights w, `w_j = 0`, that minimise `½‖x_j - Xw‖² + ½ l2 ‖w‖² + l1 ‖w‖₁`. Row: item that is
   * predicted; column: item that predicts it.
   */
  elasticNet(args: ElasticNetArgs, signal?: AbortSignal): Promise<Csr>;
  /**
   * For every item j the weights w that minimise `½‖x_j - Xw‖² + ½ Σ_i ridge_i w_i²`, only the items whose cosine with j
   * is largest by magnitude, ties by lower index, having one: those of the inverse of their own Gram matrix. Row: item
   * that is predicted; column: item that predicts it; no entry is 0. O(Σ_u n_u² + items · neighbours³ / 6) multiply-adds
   * and the products between the neighbours; memory beside the matrices and the result is O(users + items +
   * neighbours² + entries of that many columns) per thread.
   *
   * @throws {LocalRidgeError} When such a matrix is not positive definite in single precision; names the item.
   */
  localRidge(args: LocalRidgeArgs, signal?: AbortSignal): Promise<Csr>;
  /**
   * Rows of `signals · (c₁ P + c₂ P² + …) + left · rightᵀ`, cut to the `topK` of largest magnitude; columns ascending,
   * no entry is 0. O(rows · (non-zeros of M · powers + items · rank)).
   */
  graphFilter(args: GraphFilterArgs, signal?: AbortSignal): Promise<Csr>;
  /**
   * One Adagrad step per pair of every user block with its item block; the same bits for any number of threads.
   * O(pairs · factors).
   */
  pairwiseSteps(args: PairwiseArgs, signal?: AbortSignal): Promise<void>;
}
