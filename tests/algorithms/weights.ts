/** The weights of similarity models as dense rows, and how they are cut. */
import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { Csr } from "../../core/kernels/csr.ts";
import type { Model } from "../../core/models/model.ts";
import { toDense } from "../core/kernels/matrices.ts";

/** Item-to-item weights; null where none is stored. */
export type Weights = readonly (readonly (number | null)[])[];

/** The weights that a model holds, row: item of the history. */
export function weightsOf(model: Model): Weights {
  const { indptr, indices, weights } = model.tensors();
  return toDense({
    rows: model.itemCount,
    cols: model.itemCount,
    indptr: indptr!.data as Uint32Array,
    indices: indices!.data as Uint32Array,
    values: weights!.data as Float32Array,
  });
}

/** Rows of a matrix, 0 where nothing is stored. */
export function filled(matrix: Csr): number[][] {
  return toDense(matrix).map((row) => row.map((value) => value ?? 0));
}

/** Keeps the `k` largest entries of a list, of equal ones the first. */
export function keepLargest(
  entries: readonly (number | null)[],
  k: number,
): (number | null)[] {
  const order = entries.map((value, at) => ({ value, at }))
    .filter(({ value }) => value !== null)
    .sort((a, b) => b.value! - a.value! || a.at - b.at);
  const kept = new Set(order.slice(0, k).map(({ at }) => at));
  return entries.map((value, at) => kept.has(at) ? value : null);
}

/** Asserts that weights agree to five digits and are stored at the same places. */
export function assertWeights(actual: Weights, wanted: Weights): void {
  actual.forEach((row, i) =>
    row.forEach((value, j) => {
      const right = wanted[i]![j]!;
      if (value === null || right === null) assertEquals(value, right);
      else assertAlmostEquals(value, right, 1e-5 * Math.abs(right));
    })
  );
}
