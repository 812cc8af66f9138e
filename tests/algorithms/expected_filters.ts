/** Graph filters of small dense matrices, all of them written out in double precision. */
import { symmetricEigen } from "../../algorithms/symmetric_eigen.ts";
import { createRandom } from "../../core/kernels/create_random.ts";
import { column, type Dense, dot } from "./fit_dense.ts";

/** `a · b`. */
export function multiply(a: Dense, b: Dense): number[][] {
  const columns = b[0]!.map((_, j) => column(b, j));
  return a.map((row) => columns.map((other) => dot(row, other)));
}

/** `a + scale · b`. */
export function add(a: Dense, b: Dense, scale: number): number[][] {
  return a.map((row, i) => row.map((value, j) => value + scale * b[i]![j]!));
}

/** `Rᵀ R` with `r_ui = x_ui · d_u^users · d_i^items`, d being sums of rows and columns. */
export function itemGraph(
  rows: Dense,
  users: number,
  items: number,
): number[][] {
  const power = (sum: number, exponent: number) =>
    sum === 0 ? 0 : sum ** exponent;
  const total = (values: readonly number[]) =>
    values.reduce((a, b) => a + b, 0);
  const popularity = rows[0]!.map((_, item) => total(column(rows, item)));
  const scaled = rows.map((row) =>
    row.map((value, item) =>
      value * power(total(row), users) * power(popularity[item]!, items)
    )
  );
  return multiply(scaled[0]!.map((_, item) => column(scaled, item)), scaled);
}

/** `D^-½ V Vᵀ D^½` with the `k` leading eigenvectors of the normalised item graph. */
export function idealFilter(rows: Dense, k: number): number[][] {
  const graph = itemGraph(rows, -0.5, -0.5);
  const n = graph.length;
  const { vectors } = symmetricEigen(Float64Array.from(graph.flat()), n);
  const degrees = graph.map((_, item) =>
    column(rows, item).reduce((a, b) => a + b, 0)
  );
  return graph.map((row, i) =>
    row.map((_, j) => {
      if (degrees[i] === 0 || degrees[j] === 0) return 0;
      let sum = 0;
      for (let f = 0; f < k; f++) {
        sum += vectors[f * n + i]! * vectors[f * n + j]!;
      }
      return sum * Math.sqrt(degrees[j]! / degrees[i]!);
    })
  );
}

/** Sets all but the `k` entries of each row that are largest by magnitude to 0. */
export function keepStrongest(rows: Dense, k: number): number[][] {
  return rows.map((row) => {
    const kept = Array.from(row.keys())
      .sort((a, b) => Math.abs(row[b]!) - Math.abs(row[a]!) || a - b)
      .slice(0, k);
    return row.map((value, n) => kept.includes(n) ? value : 0);
  });
}

/** Users and items in groups of their own and noise: eigenvalues that fall fast, then slowly. */
export function groupedMatrix(users: number, items: number): Dense {
  const random = createRandom(8);
  return Array.from(
    { length: users },
    (_, user) =>
      Array.from({ length: items }, (_, item) => {
        const likely = user % 7 === item % 7 ? 0.7 - 0.08 * (item % 7) : 0.03;
        return random.float() < likely ? 1 + random.int(2) : 0;
      }),
  );
}
