/** The inner product of rows `a` and `b` of a row-major matrix with `columns` per row. */
export function rowProduct(
  matrix: Float32Array,
  columns: number,
  a: number,
  b: number,
): number {
  let sum = 0;
  for (let f = 0; f < columns; f++) {
    sum += matrix[a * columns + f]! * matrix[b * columns + f]!;
  }
  return sum;
}
