import {
  type FilterProblem,
  findFilterProblem,
} from "./find_filter_problem.ts";
import type { ItemFilter } from "./item_filter.ts";
import type { ItemTable } from "./item_table.ts";

/** What is said of a list, as far as fields of the items come into it. */
export interface FieldUses {
  readonly filter?: ItemFilter | null | undefined;
  readonly boosts?:
    | readonly { readonly filter: ItemFilter }[]
    | null
    | undefined;
  readonly diversity?:
    | {
      readonly cap?: { readonly field: string } | null | undefined;
    }
    | null
    | undefined;
}

/** What keeps filters, boosts and a cap from being applied to a table; null when nothing does. */
export function findListProblem(
  { filter, boosts, diversity }: FieldUses,
  table: ItemTable | null,
): FilterProblem | null {
  const filters: [(string | number)[], ItemFilter][] = (boosts ?? []).map(
    (boost, n) => [["boosts", n, "filter"], boost.filter],
  );
  if (filter) filters.unshift([["filter"], filter]);
  for (const [path, each] of filters) {
    const problem = findFilterProblem(each, table, path);
    if (problem !== null) return problem;
  }
  const cap = diversity?.cap;
  if (!cap || (table?.typeOf(cap.field) ?? null) !== null) return null;
  return {
    path: ["diversity", "cap", "field"],
    message: "Must be a field of the items",
    type: "unknown_field",
  };
}
