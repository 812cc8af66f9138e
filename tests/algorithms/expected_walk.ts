/** Weights between items by the definition of a random walk, for {@linkcode WEIGHTED}. */
import { column, type Dense, keepLargest, WEIGHTED } from "./fit_dense.ts";

const ITEMS = WEIGHTED[0]!.length;

function toOne(row: readonly number[]): number[] {
  const sum = row.reduce((total, value) => total + value, 0);
  return row.map((value) => sum === 0 ? 0 : value / sum);
}

function power(rows: Dense, exponent: number): number[][] {
  return rows.map((row) => row.map((x) => x === 0 ? 0 : x ** exponent));
}

/** Weights of a random walk by the definition: rows are items of the history, the `topK` largest kept per column. */
export function expectedWalk(
  { topK, alpha, on, beta, normalize }: {
    topK: number;
    alpha: number;
    on: "values" | "probabilities";
    beta: number;
    normalize: boolean;
  },
): number[][] {
  const byItem = Array.from({ length: ITEMS }, (_, i) => column(WEIGHTED, i));
  const steps = (rows: Dense) =>
    on === "values"
      ? power(rows, alpha).map(toOne)
      : power(rows.map(toOne), alpha);
  const toItem = steps(WEIGHTED);
  const toUser = steps(byItem);
  const targets = byItem.map((values, i) => {
    const popularity = values.reduce((sum, value) => sum + value, 0);
    const sources = byItem.map((_, j) =>
      WEIGHTED.reduce(
        (sum, _, u) => sum + toUser[j]![u]! * toItem[u]![i]!,
        0,
      ) / (popularity || 1) ** beta
    );
    return keepLargest(sources, topK);
  });
  const weights = byItem.map((_, j) => targets.map((sources) => sources[j]!));
  return normalize ? weights.map(toOne) : weights;
}
