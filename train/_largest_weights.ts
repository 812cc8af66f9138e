import type { Csr } from "../core/kernels/csr.ts";

/** A row or column of a matrix: the weights at `at`, ascending; at all places when that is null. */
export interface Line {
  readonly at: Uint32Array | null;
  readonly weights: Float32Array;
}

/** Columns gathered at a time, so that rows are read in pieces of several cache lines. */
const COLUMNS = 64;

/** The columns of a dense square matrix, one after the other; each is valid until the next. */
export function* denseColumns(
  matrix: Float32Array,
  size: number,
): Generator<Line> {
  const columns = new Float32Array(COLUMNS * size);
  for (let first = 0; first < size; first += COLUMNS) {
    const count = Math.min(COLUMNS, size - first);
    for (let row = 0; row < size; row++) {
      for (let n = 0; n < count; n++) {
        columns[n * size + row] = matrix[row * size + first + n]!;
      }
    }
    for (let n = 0; n < count; n++) {
      yield { at: null, weights: columns.subarray(n * size, (n + 1) * size) };
    }
  }
}

/** The rows of a dense square matrix. */
export function* denseRows(
  matrix: Float32Array,
  size: number,
): Generator<Line> {
  for (let row = 0; row < size; row++) {
    yield { at: null, weights: matrix.subarray(row * size, (row + 1) * size) };
  }
}

/** The rows of a sparse matrix. */
export function* sparseRows(
  { rows, indptr, indices, values }: Csr,
): Generator<Line> {
  for (let row = 0; row < rows; row++) {
    const [begin, end] = [indptr[row]!, indptr[row + 1]!];
    yield {
      at: indices.subarray(begin, end),
      weights: values.subarray(begin, end),
    };
  }
}

/**
 * The `topK` weights of largest magnitude of each of `size` lines as the rows of a square matrix; of equal ones the first,
 * and none that is 0. O(weights).
 */
export function largestOfLines(
  lines: Iterable<Line>,
  size: number,
  topK: number,
): Csr {
  const parts: { at: Uint32Array; weights: Float32Array }[] = [];
  for (const { at, weights } of lines) {
    const kept = largest(weights, topK);
    parts.push({
      at: at ? kept.map((n) => at[n]!) : kept,
      weights: Float32Array.from(kept, (n) => weights[n]!),
    });
  }
  const indptr = new Uint32Array(size + 1);
  for (const [row, { at }] of parts.entries()) {
    indptr[row + 1] = indptr[row]! + at.length;
  }
  const indices = new Uint32Array(indptr[size]!);
  const values = new Float32Array(indptr[size]!);
  for (const [row, { at, weights }] of parts.entries()) {
    indices.set(at, indptr[row]!);
    values.set(weights, indptr[row]!);
  }
  return { rows: size, cols: size, indptr, indices, values };
}

/** Positions of the `k` numbers of largest magnitude, ascending. */
function largest(numbers: Float32Array, k: number): Uint32Array {
  const least = k < numbers.length ? kthLargest(numbers, k) : 0;
  // Plain loops: iterators and callbacks take several times as long.
  let above = 0;
  for (let n = 0; n < numbers.length; n++) {
    if (Math.abs(numbers[n]!) > least) above++;
  }
  let ties = least > 0 ? k - above : 0;
  const kept = new Uint32Array(above + ties);
  let count = 0;
  for (let n = 0; n < numbers.length; n++) {
    const size = Math.abs(numbers[n]!);
    if (size > least || (size === least && ties-- > 0)) kept[count++] = n;
  }
  return kept.subarray(0, count);
}

/** Bits of a magnitude that are counted: exponent and three of the fraction. */
const SHIFT = 20;
const MAGNITUDE = 0x7fffffff;

/** The `k`-th largest magnitude, of more than `k`: by counting leading bits, then among those that have the same. */
function kthLargest(numbers: Float32Array, k: number): number {
  const { buffer, byteOffset, length } = numbers;
  const bits = new Uint32Array(buffer, byteOffset, length);
  const counts = new Uint32Array((MAGNITUDE >>> SHIFT) + 1);
  for (let n = 0; n < length; n++) counts[(bits[n]! & MAGNITUDE) >>> SHIFT]!++;
  let left = k;
  let bucket = counts.length - 1;
  while (counts[bucket]! < left) left -= counts[bucket--]!;
  const same = new Float32Array(counts[bucket]!);
  let count = 0;
  for (let n = 0; n < length; n++) {
    if ((bits[n]! & MAGNITUDE) >>> SHIFT === bucket) {
      same[count++] = Math.abs(numbers[n]!);
    }
  }
  return same.sort()[count - left]!;
}
