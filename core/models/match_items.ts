import { findFilterProblem } from "./find_filter_problem.ts";
import { type FieldTest, filterParts, type ItemFilter } from "./item_filter.ts";
import type { ItemTable } from "./item_table.ts";
import type { ItemValue } from "./item_value.ts";

/**
 * 1 for each item that the filter takes, else 0. Linear in items × tests; each test is made once per distinct value of
 * its field.
 *
 * @throws {RangeError} When a field is unknown or compared with a value of another type.
 *
 * @example
 * ```ts
 * import { matchItems } from "./match_items.ts";
 * import { ItemTable } from "./item_table.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const table = ItemTable.from(3, [
 *   { name: "genre", type: "text", values: ["drama", "comedy", "drama"] },
 *   { name: "year", type: "number", values: [1994, 2001, null] },
 * ]);
 * const filter = { and: [{ field: "genre", eq: "drama" }, { field: "year", lt: 2000 }] };
 * assertEquals(matchItems(filter, table, 3), Uint8Array.of(1, 0, 0));
 * ```
 */
export function matchItems(
  filter: ItemFilter,
  table: ItemTable | null,
  items: number,
): Uint8Array {
  const problem = findFilterProblem(filter, table);
  if (problem) {
    throw new RangeError(
      `Item filter cannot be applied at ${
        problem.path.join(".")
      }: ${problem.message}`,
    );
  }
  return match(filter, table, items);
}

function match(
  filter: ItemFilter,
  table: ItemTable | null,
  items: number,
): Uint8Array {
  if ("field" in filter) {
    const { values, codes } = table!.distinct(filter.field);
    const verdicts = Uint8Array.from(
      values,
      (value) => holds(filter, value) ? 1 : 0,
    );
    const out = new Uint8Array(items);
    for (let item = 0; item < items; item++) {
      out[item] = verdicts[codes[item]!]!;
    }
    return out;
  }
  if ("not" in filter) {
    const out = match(filter.not, table, items);
    for (let item = 0; item < items; item++) out[item]! ^= 1;
    return out;
  }
  const [key, parts] = filterParts(filter);
  const all = key === "and";
  const out = new Uint8Array(items).fill(all ? 1 : 0);
  for (const part of parts) {
    const own = match(part, table, items);
    for (let item = 0; item < items; item++) {
      if (all) out[item]! &= own[item]!;
      else out[item]! |= own[item]!;
    }
  }
  return out;
}

function holds(test: FieldTest, value: ItemValue): boolean {
  if (value === null) return test.exists === false && hasNoComparison(test);
  return test.exists !== false &&
    (test.eq === undefined || value === test.eq) &&
    (test.in === undefined || test.in.includes(value)) &&
    (test.lt === undefined || value < test.lt) &&
    (test.lte === undefined || value <= test.lte) &&
    (test.gt === undefined || value > test.gt) &&
    (test.gte === undefined || value >= test.gte);
}

/** Comparisons never hold for an unknown value, so `exists: false` holds alone only. */
function hasNoComparison(test: FieldTest): boolean {
  return (test.eq ?? test.in ?? test.lt ?? test.lte ?? test.gt ?? test.gte) ===
    undefined;
}
