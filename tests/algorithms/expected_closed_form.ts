import { column, type Dense, dot } from "./fit_dense.ts";
import { solveDense } from "./solve_dense.ts";

/** Weights from the regression of each item on all others, solved one by one; `ridge` is given `G_ii`. */
export function expectedClosedForm(
  rows: Dense,
  ridge: (square: number) => number,
): number[][] {
  const items = rows[0]!.map((_, item) => column(rows, item));
  const weights = items.map(() => items.map(() => 0));
  for (const [target, wanted] of items.entries()) {
    const others = items.filter((_, item) => item !== target);
    const gram = others.map((a, i) =>
      others.map((b, j) => dot(a, b) + (i === j ? ridge(dot(a, a)) : 0))
    );
    solveDense(gram, others.map((other) => dot(other, wanted)))
      .forEach((weight, n) => {
        weights[n < target ? n : n + 1]![target] = weight;
      });
  }
  return weights;
}
