import type { Csr } from "../core/kernels/csr.ts";

/** A matrix without what is stored on its diagonal, and then without the smallest of each row that has more than `most`. */
export function withoutDiagonal(
  { rows, cols, indptr, indices, values }: Csr,
  most: number,
): Csr {
  const kept = {
    rows,
    cols,
    indptr: new Uint32Array(rows + 1),
    indices: new Uint32Array(indices.length),
    values: new Float32Array(values.length),
  };
  let count = 0;
  for (let row = 0; row < rows; row++) {
    const [begin, end] = [indptr[row]!, indptr[row + 1]!];
    const surplus = end - begin > most && !has(indices, begin, end, row);
    const smallest = surplus ? smallestOf(values, begin, end) : -1;
    for (let n = begin; n < end; n++) {
      if (indices[n] === row || n === smallest) continue;
      kept.indices[count] = indices[n]!;
      kept.values[count++] = values[n]!;
    }
    kept.indptr[row + 1] = count;
  }
  return {
    ...kept,
    indices: kept.indices.slice(0, count),
    values: kept.values.slice(0, count),
  };
}

function has(
  indices: Uint32Array,
  begin: number,
  end: number,
  index: number,
): boolean {
  for (let n = begin; n < end; n++) if (indices[n] === index) return true;
  return false;
}

/** Position of the smallest value, the last one of several. */
function smallestOf(values: Float32Array, begin: number, end: number): number {
  let smallest = begin;
  for (let n = begin; n < end; n++) {
    if (values[n]! <= values[smallest]!) smallest = n;
  }
  return smallest;
}
