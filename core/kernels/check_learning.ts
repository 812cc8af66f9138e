/** Checks of the arguments of {@linkcode LearningKernels}, shared by all implementations. */
import { checkCount, checkIals, checkLength, checkShape } from "./check.ts";
import type { Csr } from "./csr.ts";
import type {
  ElasticNetArgs,
  GraphFilterArgs,
  IalsBlockArgs,
  LocalRidgeArgs,
  NonNegativeArgs,
  PairwiseArgs,
} from "./learning_kernels.ts";

export function checkIalsBlock(args: IalsBlockArgs): void {
  checkIals({ ...args, steps: 0 });
  checkCount("first", args.first, 0);
  checkCount("size", args.size, 1);
  if (args.first + args.size > args.factors) {
    throw new RangeError(
      `The block ends at factor ${
        args.first + args.size
      }, must end at ${args.factors} or before`,
    );
  }
}

export function checkNonNegative(args: NonNegativeArgs): void {
  const { matrix, fixed, solved, factors, gram } = args;
  checkShape("matrix", matrix);
  checkCount("factors", factors, 1);
  checkLength("fixed", fixed, matrix.cols * factors);
  checkLength("solved", solved, matrix.rows * factors);
  checkLength("gram", gram, factors * factors);
}

export function checkElasticNet({ gram, rounds, topK }: ElasticNetArgs): void {
  checkShape("gram", gram);
  checkCount("Number of columns of gram", gram.cols, gram.rows);
  checkCount("rounds", rounds, 1);
  checkCount("topK", topK, 1);
}

export function checkLocalRidge(args: LocalRidgeArgs): void {
  const { matrix, transposed, ridge, neighbours } = args;
  checkShape("matrix", matrix);
  checkTransposed(matrix, transposed);
  checkLength("ridge", ridge, matrix.cols);
  checkCount("neighbours", neighbours, 1);
}

export function checkGraphFilter(args: GraphFilterArgs): void {
  const { matrix, transposed, signals, coefficients, left, right, rank } = args;
  checkShape("matrix", matrix);
  checkTransposed(matrix, transposed);
  checkShape("signals", signals);
  if (signals.cols !== matrix.cols) {
    throw new RangeError(
      `Number of columns of signals is ${signals.cols}, must be ${matrix.cols}`,
    );
  }
  checkCount("Number of coefficients", coefficients.length, 1);
  checkCount("rank", rank, 0);
  checkLength("left", left, signals.rows * rank);
  checkLength("right", right, matrix.cols * rank);
  checkCount("topK", args.topK, 1);
}

function checkTransposed(matrix: Csr, transposed: Csr): void {
  checkShape("transposed", transposed);
  if (transposed.rows !== matrix.cols || transposed.cols !== matrix.rows) {
    throw new RangeError(
      `transposed is ${transposed.rows} × ${transposed.cols}, must be ${matrix.cols} × ${matrix.rows}`,
    );
  }
}

export function checkPairwise(args: PairwiseArgs): void {
  const { state, schedule, positives, factors, seeds, shift } = args;
  const { rows, cols } = positives;
  const blocks = seeds.length;
  checkShape("positives", positives);
  checkCount("factors", factors, 4);
  checkCount("factors / 4", factors / 4, 1);
  checkCount("Number of blocks", blocks, 1);
  checkCount("shift", shift, 0);
  checkLength("users", state.users, rows * factors);
  checkLength("userSquares", state.userSquares, rows * factors);
  checkLength("items", state.items, cols * factors);
  checkLength("itemSquares", state.itemSquares, cols * factors);
  checkLength("biases", state.biases, cols);
  checkLength("biasSquares", state.biasSquares, cols);
  checkLength("starts", schedule.starts, blocks * blocks + 1);
  checkLength("blockStarts", schedule.blockStarts, blocks + 1);
  checkLength("blockItems", schedule.blockItems, cols);
  checkLength("schedule.items", schedule.items, schedule.users.length);
}
