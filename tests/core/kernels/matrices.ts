/** Matrices for the kernel tests: from dense rows, to dense rows, at random. */
import * as fc from "fast-check";
import type { Csr } from "../../../core/kernels/csr.ts";
import type { Random } from "../../../core/kernels/random.ts";

/** A matrix from dense rows; entries that are null are not stored, so a stored 0 can be told from none. */
export function fromDense(
  rows: readonly (readonly (number | null)[])[],
  cols: number = rows[0]?.length ?? 0,
): Csr {
  const indptr = [0];
  const indices: number[] = [];
  const values: number[] = [];
  for (const row of rows) {
    row.forEach((value, column) => {
      if (value === null) return;
      indices.push(column);
      values.push(value);
    });
    indptr.push(indices.length);
  }
  return {
    rows: rows.length,
    cols,
    indptr: Uint32Array.from(indptr),
    indices: Uint32Array.from(indices),
    values: Float32Array.from(values),
  };
}

/** Dense rows of a matrix; what is not stored is null. */
export function toDense(matrix: Csr): (number | null)[][] {
  return Array.from({ length: matrix.rows }, (_, row) => {
    const dense = new Array<number | null>(matrix.cols).fill(null);
    for (let p = matrix.indptr[row]!; p < matrix.indptr[row + 1]!; p++) {
      dense[matrix.indices[p]!] = matrix.values[p]!;
    }
    return dense;
  });
}

/** Entries are stored with probability `density`, each drawn by `value`. */
export function randomCsr(
  random: Random,
  rows: number,
  cols: number,
  density: number,
  value: () => number = () => random.float(),
): Csr {
  return fromDense(
    Array.from({ length: rows }, () =>
      Array.from(
        { length: cols },
        () => random.float() < density ? value() : null,
      )),
    cols,
  );
}

/** `n` standard normals times `scale`. */
export function randomFloats(
  random: Random,
  n: number,
  scale = 1,
): Float32Array {
  return Float32Array.from({ length: n }, () => scale * random.normal());
}

/** Matrices of the given shape with small integer values, so that sums are exact in single precision and ties happen. */
export function integerCsr(
  rows: number,
  cols: number,
): fc.Arbitrary<Csr> {
  return fc.array(
    fc.array(fc.option(fc.integer({ min: -2, max: 3 })), {
      minLength: cols,
      maxLength: cols,
    }),
    { minLength: rows, maxLength: rows },
  ).map((dense) => fromDense(dense, cols));
}

/** Arrays of `n` small integers. */
export function integers(
  n: number,
  min = -2,
  max = 3,
): fc.Arbitrary<Float32Array> {
  return fc.array(fc.integer({ min, max }), { minLength: n, maxLength: n })
    .map((values) => Float32Array.from(values));
}
