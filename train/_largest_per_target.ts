import type { Csr } from "../core/kernels/csr.ts";
import { transpose } from "../core/kernels/transpose.ts";

/** The weights of one target: those of `items`, ascending; of all items when there are none. */
interface Target {
  readonly items: Uint32Array | null;
  readonly weights: Float32Array;
}

/** Columns gathered at a time, so that rows are read in pieces of several cache lines. */
const COLUMNS = 64;

/** The columns of a dense square matrix, one after the other; each is valid until the next. */
export function* denseTargets(
  matrix: Float32Array,
  size: number,
): Generator<Target> {
  const columns = new Float32Array(COLUMNS * size);
  for (let first = 0; first < size; first += COLUMNS) {
    const count = Math.min(COLUMNS, size - first);
    for (let row = 0; row < size; row++) {
      for (let n = 0; n < count; n++) {
        columns[n * size + row] = matrix[row * size + first + n]!;
      }
    }
    for (let n = 0; n < count; n++) {
      yield {
        items: null,
        weights: columns.subarray(n * size, (n + 1) * size),
      };
    }
  }
}

/**
 * The `topK` weights of largest magnitude of each target, equal ones by rising item, without those that are 0; row: item
 * of the history, column: target.
 */
export function largestPerTarget(
  targets: Iterable<Target>,
  size: number,
  topK: number,
): Csr {
  const parts: { items: Uint32Array; weights: Float32Array }[] = [];
  for (const { items, weights } of targets) {
    const kept = largest(weights, topK);
    parts.push({
      items: items ? kept.map((at) => items[at]!) : kept,
      weights: Float32Array.from(kept, (at) => weights[at]!),
    });
  }
  const indptr = new Uint32Array(size + 1);
  for (const [row, { items }] of parts.entries()) {
    indptr[row + 1] = indptr[row]! + items.length;
  }
  const indices = new Uint32Array(indptr[size]!);
  const values = new Float32Array(indptr[size]!);
  for (const [row, { items, weights }] of parts.entries()) {
    indices.set(items, indptr[row]!);
    values.set(weights, indptr[row]!);
  }
  return transpose({ rows: size, cols: size, indptr, indices, values });
}

/** Positions of the `k` numbers of largest magnitude, ascending. */
function largest(numbers: Float32Array, k: number): Uint32Array {
  const sorted = numbers.map(Math.abs).sort();
  const least = k < sorted.length ? sorted[sorted.length - k]! : 0;
  let above = 0;
  while (above < k && sorted[sorted.length - 1 - above]! > least) above++;
  let ties = least > 0 ? k - above : 0;
  return Uint32Array.from(numbers.keys()).filter((at) => {
    const size = Math.abs(numbers[at]!);
    return size > least || (size === least && ties-- > 0);
  });
}
