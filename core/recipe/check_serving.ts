import { RecotemError } from "../errors.ts";
import { findFilterProblem } from "../models/find_filter_problem.ts";
import type { ItemFilter } from "../models/item_filter.ts";
import type { ItemTable } from "../models/item_table.ts";
import { pathText } from "./problem.ts";
import type { Serving } from "./recipe.ts";

/**
 * Refuses filters and caps that name a field which the items do not have, or compare one with a value of another type,
 * which only the data tells: every request would be refused.
 *
 * @throws {RecotemError} `recipe_error`.
 */
export function checkServing(
  { filter, boosts, diversity }: Serving,
  table: ItemTable | null,
): void {
  const filters: [(string | number)[], ItemFilter][] = [
    ...(filter ? [[["filter"], filter] as [string[], ItemFilter]] : []),
    ...(boosts ?? []).map((boost, n): [(string | number)[], ItemFilter] => [
      ["boosts", n, "filter"],
      boost.filter,
    ]),
  ];
  for (const [at, each] of filters) {
    const problem = findFilterProblem(each, table, at);
    if (problem !== null) throw misfit(problem.path, problem.message);
  }
  const cap = diversity?.cap ?? null;
  if (cap !== null && (table?.typeOf(cap.field) ?? null) === null) {
    throw misfit(["diversity", "cap", "field"], "Must be a field of the items");
  }
}

function misfit(
  path: readonly (string | number)[],
  problem: string,
): RecotemError {
  return new RecotemError(
    "recipe_error",
    `Key ${pathText(["serving", ...path])} does not fit the items: ${problem}`,
  );
}
