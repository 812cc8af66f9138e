/** Weights between items by the definition of neighbours, for {@linkcode WEIGHTED}. */
import type { Algorithm } from "../../algorithms/algorithm.ts";
import {
  column,
  dot,
  fitDense,
  itemWeights,
  keepLargest,
  WEIGHTED,
} from "./fit_dense.ts";

const ITEMS = WEIGHTED[0]!.length;

/** The `topK` largest per row and then no diagonal; `similarity` is given two columns, the second one weighted. */
export function expectedNeighbours(
  topK: number,
  similarity: (a: number[], b: number[]) => number,
  weighted: (values: number[]) => number[] = (values) => values,
): number[][] {
  return Array.from({ length: ITEMS }, (_, i) => {
    const row = Array.from({ length: ITEMS }, (_, j) => {
      const [a, b] = [column(WEIGHTED, i), column(WEIGHTED, j)];
      return dot(a, b) === 0 ? 0 : similarity(a, weighted(b));
    });
    return keepLargest(row, topK).map((value, j) => i === j ? 0 : value);
  });
}

/** The weights that an algorithm learns. */
export async function weightsOf(
  algorithm: Algorithm,
  params: Readonly<Record<string, unknown>>,
): Promise<number[][]> {
  return itemWeights(await fitDense(algorithm, WEIGHTED, params), ITEMS);
}

/** Euclidean length. */
export function norm(values: readonly number[]): number {
  return Math.sqrt(dot(values, values));
}

/** How many are not 0. */
export function count(values: readonly number[]): number {
  return values.filter((value) => value > 0).length;
}

/** How many are 0 in neither. */
export function both(a: readonly number[], b: readonly number[]): number {
  return count(a.map((value, n) => value * b[n]!));
}
