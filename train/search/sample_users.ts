import type { Csr } from "../../core/kernels/csr.ts";
import type { Random } from "../../core/kernels/random.ts";

/**
 * The same matrix with the rows of at most `most` users, drawn at random from those who have something; all other rows
 * are empty. The matrix itself when it has no more users than that. O(rows + values).
 */
export function sampleUsers(matrix: Csr, most: number, random: Random): Csr {
  const { rows, cols, indptr, indices, values } = matrix;
  const users = Array.from({ length: rows }, (_, user) => user)
    .filter((user) => indptr[user + 1]! > indptr[user]!);
  if (users.length <= most) return matrix;
  // The first steps of a Fisher-Yates shuffle.
  for (let n = 0; n < most; n++) {
    const other = n + random.int(users.length - n);
    [users[n], users[other]] = [users[other]!, users[n]!];
  }
  const drawn = users.slice(0, most).sort((a, b) => a - b);
  const kept = new Uint32Array(rows + 1);
  for (const user of drawn) {
    kept[user + 1] = indptr[user + 1]! - indptr[user]!;
  }
  for (let row = 0; row < rows; row++) kept[row + 1]! += kept[row]!;
  const sample: Csr = {
    rows,
    cols,
    indptr: kept,
    indices: new Uint32Array(kept[rows]!),
    values: new Float32Array(kept[rows]!),
  };
  for (const user of drawn) {
    const [begin, end] = [indptr[user]!, indptr[user + 1]!];
    sample.indices.set(indices.subarray(begin, end), kept[user]!);
    sample.values.set(values.subarray(begin, end), kept[user]!);
  }
  return sample;
}
