/**
 * Cholesky factorisation of small matrices, in double precision.
 *
 * @module
 */

/**
 * Overwrites the lower triangle of a matrix with its Cholesky factor: O(n³ / 3).
 *
 * @param matrix Symmetric, positive definite, n × n, row-major; only the lower triangle is read.
 * @throws {RangeError} When the matrix is not positive definite.
 */
export function factorise(matrix: Float64Array, n: number): void {
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
}

/**
 * Solves for the matrix that {@linkcode factorise} was given, in place: O(n²).
 *
 * @param right Overwritten with the solution.
 * @returns `right`.
 */
export function solveFactorised(
  factor: Float64Array,
  right: Float64Array,
): Float64Array {
  const n = right.length;
  for (let i = 0; i < n; i++) {
    for (let f = 0; f < i; f++) right[i]! -= factor[i * n + f]! * right[f]!;
    right[i]! /= factor[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let f = i + 1; f < n; f++) right[i]! -= factor[f * n + i]! * right[f]!;
    right[i]! /= factor[i * n + i]!;
  }
  return right;
}
