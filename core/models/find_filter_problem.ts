import { filterParts, type ItemFilter } from "./item_filter.ts";
import type { ItemTable } from "./item_table.ts";

/** What is wrong with a filter, and where. */
export interface FilterProblem {
  /** From the filter's root, such as `["and", 1, "field"]`. */
  readonly path: readonly (string | number)[];
  /** What would be right; repeats nothing of the filter. */
  readonly message: string;
  /** Whether the field is unknown, or what it is compared with is of another type. */
  readonly type: "unknown_field" | "field_type";
}

const OPERATORS = ["eq", "in", "lt", "lte", "gt", "gte"] as const;

/** What keeps a filter from being applied to a table; null when nothing does. */
export function findFilterProblem(
  filter: ItemFilter,
  table: ItemTable | null,
  path: readonly (string | number)[] = [],
): FilterProblem | null {
  if ("not" in filter) {
    return findFilterProblem(filter.not, table, [...path, "not"]);
  }
  if (!("field" in filter)) {
    const [key, parts] = filterParts(filter);
    for (const [n, part] of parts.entries()) {
      const problem = findFilterProblem(part, table, [...path, key, n]);
      if (problem) return problem;
    }
    return null;
  }
  const type = table?.typeOf(filter.field) ?? null;
  if (type === null) {
    return {
      path: [...path, "field"],
      message: "Must be a field of the items",
      type: "unknown_field",
    };
  }
  for (const operator of OPERATORS) {
    const wanted = filter[operator];
    if (wanted === undefined) continue;
    const values = Array.isArray(wanted) ? wanted : [wanted];
    const ordered = operator !== "eq" && operator !== "in";
    if (
      ordered && type === "boolean" ||
      values.some((value) => typeof value !== SCRIPT_TYPES[type])
    ) {
      const message = ordered && type === "boolean"
        ? "The field is true or false, which have no order"
        : `The field is ${type}, so must this be`;
      return { path: [...path, operator], message, type: "field_type" };
    }
  }
  return null;
}

const SCRIPT_TYPES = { text: "string", number: "number", boolean: "boolean" };
