/** Checks of arguments, shared by all implementations so that they refuse the same things with the same words. */
import type { Csr } from "./csr.ts";
import type { MultiplyArgs } from "./dense_kernels.ts";
import type {
  IalsSolveArgs,
  Kernels,
  RankArgs,
  SimilarityArgs,
} from "./kernels.ts";
import type { SymmetricTiles } from "./symmetric_tiles.ts";

function refuse(what: string, actual: number, wanted: string): never {
  throw new RangeError(`${what} is ${actual}, must be ${wanted}`);
}

export function checkCount(what: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least || value > 0xffffffff) {
    refuse(what, value, `an integer of at least ${least}`);
  }
}

export function checkLength(
  what: string,
  array: { readonly length: number },
  length: number,
): void {
  if (array.length !== length) {
    refuse(`Length of ${what}`, array.length, `${length}`);
  }
}

/** Checks the lengths of a matrix's arrays, not what is in them. */
export function checkShape(what: string, matrix: Csr): void {
  checkCount(`Number of rows of ${what}`, matrix.rows, 0);
  checkCount(`Number of columns of ${what}`, matrix.cols, 0);
  checkLength(`${what}.indptr`, matrix.indptr, matrix.rows + 1);
  const count = matrix.indptr[matrix.rows]!;
  checkLength(`${what}.indices`, matrix.indices, count);
  checkLength(`${what}.values`, matrix.values, count);
}

/** Checks everything about a matrix that a kernel could be led astray by. Linear time. */
export function checkCsr(what: string, matrix: Csr): void {
  checkShape(what, matrix);
  const { rows, cols, indptr, indices } = matrix;
  if (indptr[0] !== 0) refuse(`${what}.indptr[0]`, indptr[0]!, "0");
  for (let r = 0; r < rows; r++) {
    if (indptr[r]! > indptr[r + 1]!) {
      refuse(
        `${what}.indptr[${r + 1}]`,
        indptr[r + 1]!,
        `at least ${indptr[r]}`,
      );
    }
    let least = 0;
    for (let p = indptr[r]!; p < indptr[r + 1]!; p++) {
      const column = indices[p]!;
      if (column < least || column >= cols) {
        refuse(
          `Column ${p - indptr[r]!} in row ${r} of ${what}`,
          column,
          `from ${least} to ${cols - 1}, ascending`,
        );
      }
      least = column + 1;
    }
  }
}

/** Checks that the Gram matrix of `matrix` has the size of `tiles`. */
export function checkTiles(matrix: Csr, tiles: SymmetricTiles): void {
  if (matrix.cols !== tiles.n) {
    refuse("Number of columns of matrix", matrix.cols, `${tiles.n}`);
  }
}

export function checkSimilarity(args: SimilarityArgs): void {
  const { left, right, rowNorm, colNorm, topK } = args;
  checkShape("left", left);
  checkShape("right", right);
  if (left.cols !== right.rows) {
    refuse("Number of rows of right", right.rows, `${left.cols}`);
  }
  checkLength("rowNorm", rowNorm, left.rows);
  checkLength("colNorm", colNorm, right.cols);
  checkCount("topK", topK, 1);
}

export function checkGram(
  factors: Float32Array,
  rows: number,
  k: number,
): void {
  checkCount("rows", rows, 0);
  checkCount("k", k, 1);
  checkLength("factors", factors, rows * k);
}

export function checkIals(args: IalsSolveArgs): void {
  const { matrix, fixed, solved, factors, gram, ridge, steps } = args;
  checkShape("matrix", matrix);
  checkCount("factors", factors, 1);
  checkCount("steps", steps, 0);
  checkLength("fixed", fixed, matrix.cols * factors);
  checkLength("solved", solved, matrix.rows * factors);
  checkLength("gram", gram, factors * factors);
  checkLength("ridge", ridge, matrix.rows);
}

/** Checks which users are ranked among `rows` users and `cols` columns. */
function checkRank(args: RankArgs, rows: number, cols: number): void {
  const { users, seen, k } = args;
  checkCount("k", k, 1);
  checkShape("seen", seen);
  if (seen.rows !== rows) {
    refuse("Number of rows of seen", seen.rows, `${rows}`);
  }
  if (seen.cols !== cols) {
    refuse("Number of columns of seen", seen.cols, `${cols}`);
  }
  for (const user of users) {
    if (user >= rows) refuse("A user", user, `below ${rows}`);
  }
}

export function checkRankFactors(
  { users, items, itemCount, factors }: Parameters<Kernels["rankFactors"]>[0],
  args: RankArgs,
): void {
  checkCount("factors", factors, 1);
  checkLength("items", items, itemCount * factors);
  checkLength("users", users, args.seen.rows * factors);
  checkRank(args, args.seen.rows, itemCount);
}

/** Checks a product `histories · weights`, and which of its rows are ranked. */
export function checkRankSparse(
  histories: Csr,
  weights: Csr,
  args: RankArgs,
): void {
  checkShape("histories", histories);
  checkShape("weights", weights);
  if (weights.rows !== histories.cols) {
    refuse("Number of rows of weights", weights.rows, `${histories.cols}`);
  }
  checkRank(args, histories.rows, weights.cols);
}

/** Checks a product `histories · weights` with dense weights, and which of its rows are ranked. */
export function checkRankDense(
  histories: Csr,
  weights: Float32Array,
  args: RankArgs,
): void {
  checkShape("histories", histories);
  checkLength("weights", weights, histories.cols * args.seen.cols);
  checkRank(args, histories.rows, args.seen.cols);
}

export function checkMultiply(
  { left, right, rows, depth, columns }: MultiplyArgs,
): void {
  checkCount("rows", rows, 0);
  checkCount("depth", depth, 0);
  checkCount("columns", columns, 0);
  checkLength("left", left, rows * depth);
  checkLength("right", right, depth * columns);
}

export function checkSparseTimesDense(
  matrix: Csr,
  dense: Float32Array,
  columns: number,
): void {
  checkShape("matrix", matrix);
  checkCount("columns", columns, 1);
  checkLength("dense", dense, matrix.cols * columns);
}

/** Checks the product of one history and row-major weights with `columns` columns. */
export function checkScoreDense(
  items: Uint32Array,
  weights: Float32Array,
  matrix: Float32Array,
  columns: number,
): void {
  checkLength("weights", weights, items.length);
  const rows = columns === 0 ? 0 : matrix.length / columns;
  checkCount("Number of rows of matrix", rows, 0);
  checkBelow("An item", items, rows);
}

/**
 * Checks that indices are below an end.
 *
 * @throws {RangeError} When one is not.
 */
export function checkBelow(
  what: string,
  indices: Uint32Array,
  end: number,
): void {
  for (let n = 0; n < indices.length; n++) {
    if (indices[n]! >= end) refuse(what, indices[n]!, `below ${end}`);
  }
}

/**
 * Checks the arguments of {@linkcode ScoreKernels.scoreSome}.
 *
 * @throws {RangeError} When lengths do not fit or an item is not there.
 */
export function checkScoreSome(
  user: Float32Array,
  items: Float32Array,
  factors: number,
  which: Uint32Array,
  out: Float32Array,
): void {
  checkLength("user", user, factors);
  checkLength("out", out, which.length);
  const rows = items.length / factors;
  checkCount("Number of rows of items", rows, 0);
  checkBelow("An item", which, rows);
}
