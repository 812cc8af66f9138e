import { RecotemError } from "../errors.ts";
import { findListProblem } from "../models/find_list_problem.ts";
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
  serving: Serving,
  table: ItemTable | null,
): void {
  const problem = findListProblem(serving, table);
  if (problem === null) return;
  const key = pathText(["serving", ...problem.path]);
  throw new RecotemError(
    "recipe_error",
    `Key ${key} does not fit the items: ${problem.message}`,
  );
}
