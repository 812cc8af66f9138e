/**
 * Solves `matrix · x = right` by Cholesky factorisation, in place: O(n³ / 3).
 *
 * @param matrix Symmetric, positive definite, row-major; only the lower triangle is read. Overwritten.
 * @param right Overwritten with the solution.
 * @returns `right`.
 * @throws {RangeError} When the matrix is not positive definite.
 */
export function solvePositiveDefinite(
  matrix: Float64Array,
  right: Float64Array,
): Float64Array {
  const n = right.length;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j]!;
      for (let f = 0; f < j; f++) {
        sum -= matrix[i * n + f]! * matrix[j * n + f]!;
      }
      if (i > j) matrix[i * n + j] = sum / matrix[j * n + j]!;
      else if (sum > 0) matrix[i * n + i] = Math.sqrt(sum);
      else {
        throw new RangeError(
          `The matrix is not positive definite at row ${i}: the regularisation is too small`,
        );
      }
    }
  }
  for (let i = 0; i < n; i++) {
    for (let f = 0; f < i; f++) right[i]! -= matrix[i * n + f]! * right[f]!;
    right[i]! /= matrix[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let f = i + 1; f < n; f++) right[i]! -= matrix[f * n + i]! * right[f]!;
    right[i]! /= matrix[i * n + i]!;
  }
  return right;
}
