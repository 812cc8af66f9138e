import type { Csr } from "../core/kernels/csr.ts";
import { requireFinite } from "./_require_finite.ts";

/** Sums of a matrix's rows and columns: the degrees of users and items in the graph that it is. */
export interface Degrees {
  readonly users: Float64Array;
  readonly items: Float64Array;
}

/** Linear time. */
export function degreesOf(
  { rows, cols, indptr, indices, values }: Csr,
): Degrees {
  const users = new Float64Array(rows);
  const items = new Float64Array(cols);
  for (let user = 0; user < rows; user++) {
    for (let p = indptr[user]!; p < indptr[user + 1]!; p++) {
      users[user]! += values[p]!;
      items[indices[p]!]! += values[p]!;
    }
  }
  return { users, items };
}

/** Powers of degrees, 0 where the degree is. */
export function degreePowers(
  degrees: Float64Array,
  power: number,
): Float64Array {
  return degrees.map((degree) => degree === 0 ? 0 : degree ** power);
}

/**
 * The matrix with each value scaled by factors of its user and its item.
 *
 * @throws {RangeError} When a value is not finite afterwards.
 */
export function scaleByDegrees(
  name: string,
  matrix: Csr,
  users: Float64Array,
  items: Float64Array,
): Csr {
  const { rows, indptr, indices } = matrix;
  const values = matrix.values.slice();
  for (let user = 0; user < rows; user++) {
    for (let p = indptr[user]!; p < indptr[user + 1]!; p++) {
      values[p]! *= users[user]! * items[indices[p]!]!;
    }
  }
  requireFinite(
    values,
    `${name}: an interaction weight divided by its user's and item's sums is not finite; the interaction weights must not sum to less than 0, nor be too small`,
  );
  return { ...matrix, values };
}
