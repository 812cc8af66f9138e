import { assertEquals, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import { findFilterProblem } from "../../../core/models/find_filter_problem.ts";
import type {
  FieldTest,
  ItemFilter,
} from "../../../core/models/item_filter.ts";
import { ItemTable } from "../../../core/models/item_table.ts";
import type { ItemValue } from "../../../core/models/item_value.ts";
import { matchItems } from "../../../core/models/match_items.ts";

const ROWS = [
  { genre: "drama", year: 1994, sold: true },
  { genre: "comedy", year: 2001, sold: false },
  { genre: null, year: 1980, sold: true },
  { genre: "drama", year: null, sold: null },
] as const;
type Field = keyof typeof ROWS[number];
const TYPES = { genre: "text", year: "number", sold: "boolean" } as const;
const TABLE = ItemTable.from(
  ROWS.length,
  (Object.keys(TYPES) as Field[]).map((name) => ({
    name,
    type: TYPES[name],
    values: ROWS.map((row): ItemValue => row[name]),
  })),
);

function matched(filter: ItemFilter): number[] {
  return [...matchItems(filter, TABLE, ROWS.length)];
}

Deno.test("matchItems() applies every comparison, and none of them holds where nothing is known", () => {
  const cases: [FieldTest, number[]][] = [
    [{ field: "genre", eq: "drama" }, [1, 0, 0, 1]],
    [{ field: "genre", in: ["comedy", "western"] }, [0, 1, 0, 0]],
    [{ field: "genre", gt: "comedy" }, [1, 0, 0, 1]],
    [{ field: "year", lt: 1994 }, [0, 0, 1, 0]],
    [{ field: "year", lte: 1994 }, [1, 0, 1, 0]],
    [{ field: "year", gt: 1994 }, [0, 1, 0, 0]],
    [{ field: "year", gte: 1994, lt: 2001 }, [1, 0, 0, 0]],
    [{ field: "sold", eq: false }, [0, 1, 0, 0]],
    [{ field: "genre", exists: true }, [1, 1, 0, 1]],
    [{ field: "genre", exists: false }, [0, 0, 1, 0]],
    [{ field: "year", exists: false, lt: 5000 }, [0, 0, 0, 0]],
    [{ field: "year", exists: true, lt: 1990 }, [0, 0, 1, 0]],
  ];
  for (const [filter, wanted] of cases) {
    assertEquals(matched(filter), wanted, JSON.stringify(filter));
  }
});

const leaf: fc.Arbitrary<FieldTest> = fc.oneof(
  fc.record({ field: fc.constant("genre"), eq: fc.constantFrom("drama", "x") }),
  fc.record({
    field: fc.constant("year"),
    lt: fc.integer({ min: 1979, max: 2002 }),
  }),
  fc.record({ field: fc.constant("sold"), exists: fc.boolean() }),
);
const tree = fc.letrec<{ node: ItemFilter }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.record({ not: tie("node") }),
    fc.record({ and: fc.array(tie("node"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ or: fc.array(tie("node"), { minLength: 1, maxLength: 3 }) }),
  ),
})).node;

/** What a filter means, item by item. */
function means(filter: ItemFilter, item: number): boolean {
  if ("and" in filter) return filter.and.every((part) => means(part, item));
  if ("or" in filter) return filter.or.some((part) => means(part, item));
  if ("not" in filter) return !means(filter.not, item);
  return matched(filter)[item] === 1;
}

Deno.test("matchItems() joins tests as and, or and not do", () => {
  fc.assert(fc.property(tree, (filter) => {
    assertEquals(
      matched(filter),
      ROWS.map((_, item) => means(filter, item) ? 1 : 0),
    );
  }));
});

Deno.test("findFilterProblem() says where a field is unknown or compared with another type", () => {
  const cases: [ItemFilter, (string | number)[], string][] = [
    [{ field: "colour", eq: "red" }, ["field"], "unknown_field"],
    [
      {
        and: [{ field: "year", eq: 1 }, { not: { field: "x", exists: true } }],
      },
      ["and", 1, "not", "field"],
      "unknown_field",
    ],
    [{ or: [{ field: "year", eq: "1994" }] }, ["or", 0, "eq"], "field_type"],
    [{ field: "genre", in: ["drama", 1] }, ["in"], "field_type"],
    [{ field: "sold", lt: 1 }, ["lt"], "field_type"],
    [{ field: "__proto__", exists: true }, ["field"], "unknown_field"],
  ];
  for (const [filter, path, type] of cases) {
    const problem = findFilterProblem(filter, TABLE);
    assertEquals([problem?.path, problem?.type], [path, type]);
    assertThrows(() => matched(filter), RangeError, "cannot be applied");
  }
  assertEquals(
    findFilterProblem({ field: "genre", exists: true }, null)?.type,
    "unknown_field",
  );
  assertEquals(findFilterProblem({ field: "sold", eq: true }, TABLE), null);
});

Deno.test("ItemTable.without() hides fields from filters and rows, and distinct() is kept", () => {
  const less = TABLE.without((field) => field === "year");
  assertEquals(less.fields, ["genre", "sold"]);
  assertEquals(less.row(1), { genre: "comedy", sold: false });
  assertEquals(less.typeOf("year"), null);
  assertThrows(() => less.distinct("year"), RangeError);
  const { values, codes } = less.distinct("genre");
  assertEquals(values, ["drama", "comedy", null]);
  assertEquals(codes, Uint32Array.of(0, 1, 2, 0));
  assertEquals(less.distinct("genre").codes === codes, true);
});
