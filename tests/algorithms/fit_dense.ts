/** Fits small dense matrices, for known answers that are worked out by plain loops in double precision. */
import type { Algorithm, FitContext } from "../../algorithms/algorithm.ts";
import { createRandom } from "../../core/kernels/create_random.ts";
import { createReferenceKernels } from "../../core/kernels/create_reference_kernels.ts";
import type { Model } from "../../core/models/model.ts";
import { createSharedWork } from "../../train/search/shared_work.ts";
import { fromDense } from "../core/kernels/matrices.ts";

/** Users × items; 0: no interaction. */
export type Dense = readonly (readonly number[])[];

/** Five users and six items, values of several sizes, one user and one item without anything. */
export const WEIGHTED: Dense = [
  [1, 2, 0, 0, 3, 0],
  [0, 1, 1, 0, 0, 0],
  [4, 0, 2, 1, 1, 0],
  [0, 0, 0, 0, 0, 0],
  [1, 1, 0, 5, 0, 0],
];

/** Fits with what `params` leaves out at its default: plain TypeScript, seed 42, nothing shared. */
export async function fitDense(
  algorithm: Algorithm,
  rows: Dense,
  params: Readonly<Record<string, unknown>> = {},
  context: Partial<FitContext> = {},
): Promise<Model> {
  const matrix = fromDense(
    rows.map((row) => row.map((value) => value === 0 ? null : value)),
  );
  return await algorithm.fit(matrix, algorithm.params.parse(params), {
    kernels: createReferenceKernels(),
    random: createRandom(42),
    signal: new AbortController().signal,
    shared: createSharedWork(),
    warn() {},
    ...context,
  });
}

/** Scores of all items for a history that is given as a dense row. */
export function scoreRow(model: Model, row: readonly number[]): number[] {
  const items = Array.from(row.keys()).filter((item) => row[item] !== 0);
  const out = new Float32Array(row.length);
  model.scoreHistory({
    items: Uint32Array.from(items),
    weights: Float32Array.from(items, (item) => row[item]!),
  }, out);
  return Array.from(out);
}

/** The weights between items: what a history of the one item says for each. */
export function itemWeights(model: Model, items: number): number[][] {
  return Array.from({ length: items }, (_, item) =>
    scoreRow(
      model,
      Array.from({ length: items }, (_, other) => other === item ? 1 : 0),
    ));
}

/** Column `item` of dense rows. */
export function column(rows: Dense, item: number): number[] {
  return rows.map((row) => row[item]!);
}

/** `a · b`. */
export function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, n) => sum + value * b[n]!, 0);
}

/** Sets all but the `k` largest of the entries that are not 0 to 0, ties by lower index. */
export function keepLargest(row: readonly number[], k: number): number[] {
  const kept = Array.from(row.keys())
    .filter((n) => row[n] !== 0)
    .sort((a, b) => row[b]! - row[a]! || a - b)
    .slice(0, k);
  return row.map((value, n) => kept.includes(n) ? value : 0);
}
