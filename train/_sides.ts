import type { Csr } from "../core/kernels/csr.ts";

/** Where a split puts each interaction. */
export const SIDES = {
  /** A trial is fitted on it. */
  FIT: 0,
  /** A trial is scored on it. */
  HELD_OUT: 1,
  /** No trial sees it, because it lies in the future of what one is fitted on. */
  DROPPED: 2,
  /** No trial sees it; the test's model is fitted on it too. */
  TEST_FIT: 3,
  /** The test's model is scored on it. */
  TEST: 4,
} as const;

/** A split before the matrices are made. */
export interface Sides {
  /** One of {@linkcode SIDES} for each stored value. */
  readonly sides: Uint8Array;
  /** Users chosen neither for trials to be scored on nor for the test. */
  readonly trainUsers: number;
  /** What the values are, seen at the time that trials are fitted. */
  readonly fitValues: Float32Array;
  /** What the values are, seen at the time that the test's model is fitted. */
  readonly testFitValues: Float32Array;
}

/** The entries of a matrix that are on some sides, with other values. */
export function onSides(
  { rows, cols, indptr, indices }: Csr,
  sides: Uint8Array,
  isWanted: (side: number) => boolean,
  values: Float32Array,
): Csr {
  const kept = {
    rows,
    cols,
    indptr: new Uint32Array(rows + 1),
    indices: indices.filter((_, n) => isWanted(sides[n]!)),
    values: values.filter((_, n) => isWanted(sides[n]!)),
  };
  let count = 0;
  for (let row = 0; row < rows; row++) {
    for (let n = indptr[row]!; n < indptr[row + 1]!; n++) {
      if (isWanted(sides[n]!)) count++;
    }
    kept.indptr[row + 1] = count;
  }
  return kept;
}
