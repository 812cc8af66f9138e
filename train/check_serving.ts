import { RecotemError } from "../core/errors.ts";
import { findFilterProblem } from "../core/models/find_filter_problem.ts";
import type { ItemFilter } from "../core/models/item_filter.ts";
import type { ItemTable } from "../core/models/item_table.ts";
import { pathText } from "../core/recipe/problem.ts";
import type { Serving } from "../core/recipe/recipe.ts";

/**
 * Refuses filters that compare a field with a value of another type than the items have, which only the data tells:
 * every request would be refused.
 *
 * @throws {RecotemError} `recipe_error`.
 */
export function checkServing(
  { filter, boosts }: Serving,
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
    if (problem === null) continue;
    throw new RecotemError(
      "recipe_error",
      `Key ${
        pathText(["serving", ...problem.path])
      } does not fit the items: ${problem.message}`,
    );
  }
}
