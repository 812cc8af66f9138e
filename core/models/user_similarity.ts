import { createReferenceScoreKernels } from "../kernels/create_reference_score_kernels.ts";
import type { Csr } from "../kernels/csr.ts";
import type {
  Kernels,
  RankArgs,
  Ranking,
  ScoreKernels,
} from "../kernels/kernels.ts";
import { transpose } from "../kernels/transpose.ts";
import { checkPattern } from "./_check_pattern.ts";
import { position } from "./_position.ts";
import { refuseNotFinite } from "./_refuse_not_finite.ts";
import { TensorReader } from "./_tensor_reader.ts";
import { vector } from "./_vector.ts";
import type { History, Model, NamedTensors } from "./model.ts";

/** What a {@linkcode UserSimilarityModel} holds. */
export interface UserSimilarityParts {
  /** Likeness of users, users × users; row: who asks, column: whose items are scored. */
  readonly neighbours: Csr;
  /** What the users have, users × items. */
  readonly matrix: Csr;
  /** Values in the places of those of `matrix` that a newcomer's history is multiplied with. */
  readonly features: Float32Array;
  /** The part of a similarity's divisor that each user brings. */
  readonly divisors: Float32Array;
  /** How a newcomer's similarities come about. */
  readonly foldIn: {
    /** Power of the length of the history that is its part of the divisor. */
    readonly exponent: number;
    /** Added to the divisor. */
    readonly shrinkage: number;
    /** Neighbours of a newcomer. */
    readonly topK: number;
  };
}

/** Sparse likeness of users: an item's score is the sum of what users who are alike have of it. */
export class UserSimilarityModel implements Model {
  /**
   * Decides the tensor names: `neighbour_indptr`, `neighbour_indices` (u32), `neighbour_weights` (f32); `indptr`,
   * `indices` (u32), `values`, `features` (f32); `divisors` (f32), `fold_in` (f64, 3).
   */
  readonly kind = "user_similarity";
  readonly #parts: UserSimilarityParts;
  readonly #kernels: ScoreKernels;
  #byItem: { readonly features: Csr; readonly values: Csr } | null = null;
  #inverseNorms: Float32Array | null = null;

  /** Wraps the parts without copying. */
  constructor(
    parts: UserSimilarityParts,
    kernels: ScoreKernels = createReferenceScoreKernels(),
  ) {
    this.#parts = parts;
    this.#kernels = kernels;
  }

  /**
   * Opens the model's tensors. Linear time.
   *
   * @throws {TypeError | RangeError} When they are not what this kind holds.
   */
  static load(
    tensors: NamedTensors,
    users: number,
    items: number,
    kernels?: ScoreKernels,
  ): UserSimilarityModel {
    const reader = new TensorReader("User similarity model", tensors);
    const near = reader.vector("neighbour_indices", "u32");
    const neighbours = {
      rows: users,
      cols: users,
      indptr: reader.vector("neighbour_indptr", "u32", users + 1),
      indices: near,
      values: reader.finite("neighbour_weights", near.length),
    };
    const indices = reader.vector("indices", "u32");
    const matrix = {
      rows: users,
      cols: items,
      indptr: reader.vector("indptr", "u32", users + 1),
      indices,
      values: reader.finite("values", indices.length),
    };
    const features = reader.finite("features", indices.length);
    const divisors = reader.finite("divisors", users);
    const settings = reader.vector("fold_in", "f64", 3);
    refuseNotFinite("Fold-in settings", settings);
    reader.end();
    checkPattern("neighbours", neighbours);
    checkPattern("interactions", matrix);
    const [exponent, shrinkage, topK] = settings as unknown as [
      number,
      number,
      number,
    ];
    if (!Number.isInteger(topK) || topK < 1) {
      throw new RangeError(
        `A newcomer's neighbours are ${topK}, must be an integer of at least 1`,
      );
    }
    const foldIn = { exponent, shrinkage, topK };
    return new UserSimilarityModel(
      { neighbours, matrix, features, divisors, foldIn },
      kernels,
    );
  }

  /** Number of items. */
  get itemCount(): number {
    return this.#parts.matrix.cols;
  }

  /** The neighbours, the matrix, and how to fold in. */
  tensors(): NamedTensors {
    const { neighbours, matrix, features, divisors, foldIn } = this.#parts;
    const { exponent, shrinkage, topK } = foldIn;
    return {
      neighbour_indptr: vector(neighbours.indptr),
      neighbour_indices: vector(neighbours.indices),
      neighbour_weights: vector(neighbours.values),
      indptr: vector(matrix.indptr),
      indices: vector(matrix.indices),
      values: vector(matrix.values),
      features: vector(features),
      divisors: vector(divisors),
      fold_in: vector(Float64Array.of(exponent, shrinkage, topK)),
    };
  }

  /** Sums the weighted rows of the user's neighbours. O(entries of those rows + items). */
  scoreUser(user: number, _history: History, out: Float32Array): void {
    const { neighbours, matrix } = this.#parts;
    const begin = neighbours.indptr[user]!;
    const end = neighbours.indptr[user + 1]!;
    this.#kernels.scoreSparse(
      neighbours.indices.subarray(begin, end),
      neighbours.values.subarray(begin, end),
      matrix,
      out,
    );
  }

  /**
   * Finds the neighbours that training would give this history, then scores. A user of the training data who has that
   * very history is among them, which concerns the scores of the history's own items only.
   * O(entries of the history's columns + users + entries of the neighbours' rows + items).
   */
  scoreHistory(history: History, out: Float32Array): void {
    const { users, weights } = this.#neighboursOf(history);
    this.#kernels.scoreSparse(users, weights, this.#parts.matrix, out);
  }

  /**
   * The part of each item of the history in the likeness of its neighbours, times what these have of the item that is
   * scored. O(users + neighbours · (history + items) · log(entries of a row)).
   */
  influences(history: History, items: Uint32Array, out: Float32Array): void {
    const { matrix, features, divisors, foldIn } = this.#parts;
    const length = history.items.length;
    const norm = lengthOf(history.weights) ** foldIn.exponent;
    out.fill(0);
    for (const user of this.#neighboursOf(history).users) {
      const divisor = norm * divisors[user]! + foldIn.shrinkage;
      const shares = Float64Array.from(history.items, (item, n) => {
        const at = position(matrix, user, item);
        return at < 0 ? 0 : history.weights[n]! * features[at]! / divisor;
      });
      for (let row = 0; row < items.length; row++) {
        const at = position(matrix, user, items[row]!);
        if (at < 0) continue;
        for (let n = 0; n < length; n++) {
          out[row * length + n]! += shares[n]! * matrix.values[at]!;
        }
      }
    }
  }

  /** Mean cosine between each item's column and those of `seeds`: items are alike when the same users have them. */
  similar(seeds: Uint32Array, out: Float32Array): void {
    const { matrix } = this.#parts;
    const norms = this.#inverseNorms ??= inverseColumnNorms(matrix);
    const sums = new Float32Array(matrix.rows);
    const scales = Float32Array.from(
      seeds,
      (seed) => norms[seed]! / seeds.length,
    );
    this.#kernels.scoreSparse(seeds, scales, this.#transposed().values, sums);
    const users = Uint32Array.from(sums.keys()).filter((user) =>
      sums[user] !== 0
    );
    this.#kernels.scoreSparse(
      users,
      Float32Array.from(users, (user) => sums[user]!),
      matrix,
      out,
    );
    for (let item = 0; item < out.length; item++) out[item]! *= norms[item]!;
  }

  /** Ranks by `neighbours · matrix`. */
  rankUsers(
    kernels: Kernels,
    _histories: Csr,
    args: RankArgs,
    signal?: AbortSignal,
  ): Promise<Ranking> {
    const { neighbours, matrix } = this.#parts;
    return kernels.rankSparse(neighbours, matrix, args, signal);
  }

  /** The neighbours that training would give a history, by falling likeness. */
  #neighboursOf(
    history: History,
  ): { readonly users: Uint32Array; readonly weights: Float32Array } {
    const { matrix, divisors, foldIn } = this.#parts;
    const sums = new Float32Array(matrix.rows);
    this.#kernels.scoreSparse(
      history.items,
      history.weights,
      this.#transposed().features,
      sums,
    );
    const length = lengthOf(history.weights) ** foldIn.exponent;
    for (let user = 0; user < sums.length; user++) {
      const divisor = length * divisors[user]! + foldIn.shrinkage;
      // A user who shares nothing is no neighbour, not even one of likeness 0.
      sums[user] = sums[user] === 0 ? -Infinity : sums[user]! / divisor;
    }
    const most = Math.min(foldIn.topK, sums.length);
    const users = new Uint32Array(most);
    const weights = new Float32Array(most);
    const count = most === 0
      ? 0
      : this.#kernels.topK(sums, most, users, weights);
    return {
      users: users.subarray(0, count),
      weights: weights.subarray(0, count),
    };
  }

  #transposed(): { readonly features: Csr; readonly values: Csr } {
    const { matrix, features } = this.#parts;
    return this.#byItem ??= {
      features: transpose({ ...matrix, values: features }),
      values: transpose(matrix),
    };
  }
}

function lengthOf(values: Float32Array): number {
  let square = 0;
  for (const value of values) square += value * value;
  return Math.sqrt(square);
}

/** One over the length of each column; 0 where a column is 0. */
function inverseColumnNorms({ cols, indices, values }: Csr): Float32Array {
  const squares = new Float64Array(cols);
  for (let n = 0; n < indices.length; n++) {
    squares[indices[n]!]! += values[n]! ** 2;
  }
  return Float32Array.from(
    squares,
    (square) => square === 0 ? 0 : 1 / Math.sqrt(square),
  );
}
