import type { ScoreKernels } from "../kernels/kernels.ts";
import type { Bounded, History } from "./model.ts";

/** What the scores of a model of factors are products of. */
export interface ProductParts {
  /** Row-major, `factors` per row. */
  readonly items: Float32Array;
  readonly factors: number;
  readonly kernels: ScoreKernels;
  /** The vector of a user of the training data. */
  readonly ofUser: (user: number, history: History) => Float32Array;
  /** The vector of anyone with a history; may be overwritten by the next call. */
  readonly ofHistory: (history: History) => Float32Array;
}

/** Bounds of inner products by eight bits of each number; null where they would save nothing. */
export function boundedProducts(
  { items, factors, kernels, ofUser, ofHistory }: ProductParts,
): Bounded | null {
  const rows = kernels.quantize(items, factors);
  if (rows === null) return null;
  let vector: Float32Array = new Float32Array(factors);
  return {
    boundUser(user, history, out) {
      vector = ofUser(user, history);
      return rows.bound(vector, out);
    },
    boundHistory(history, out) {
      vector = ofHistory(history);
      return rows.bound(vector, out);
    },
    scoreSome(which, out) {
      kernels.scoreSome(vector, items, factors, which, out);
    },
    [Symbol.dispose]: () => rows[Symbol.dispose](),
  };
}
