import {
  assert,
  assertEquals,
  assertLess,
  assertNotStrictEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import * as fc from "fast-check";
import { FilterMasks } from "../../../core/models/filter_masks.ts";
import type {
  FieldTest,
  ItemFilter,
} from "../../../core/models/item_filter.ts";
import { ItemTable } from "../../../core/models/item_table.ts";
import { matchItems } from "../../../core/models/match_items.ts";

const MAX_BYTES = 4 * 2 ** 20;
const YEARS = [1994, 2001, 1980, null, 0, -3];
const TABLE = table(YEARS.length);

/** Items with a year and a genre. */
function table(items: number): ItemTable {
  const numbers = Array.from({ length: items }, (_, n) => n);
  return ItemTable.from(items, [
    {
      name: "year",
      type: "number",
      values: numbers.map((n) => YEARS[n % YEARS.length]!),
    },
    {
      name: "genre",
      type: "text",
      values: numbers.map((n) => ["drama", null, "null"][n % 3]!),
    },
  ]);
}

const number = fc.constantFrom(0, -0, 1994, NaN, Infinity, -Infinity);
const text = fc.constantFrom("", "drama", "null", "western");
const optional = { requiredKeys: ["field"] as ["field"] };
const test: fc.Arbitrary<FieldTest> = fc.oneof(
  fc.record({
    field: fc.constant("year"),
    eq: number,
    in: fc.array(number, { maxLength: 2 }),
    lt: number,
    gte: number,
    exists: fc.boolean(),
  }, optional),
  fc.record({
    field: fc.constant("genre"),
    eq: text,
    in: fc.array(text, { maxLength: 2 }),
    gt: text,
    exists: fc.boolean(),
  }, optional),
);
const filter: fc.Arbitrary<ItemFilter> = fc.letrec<{ tree: ItemFilter }>((
  tie,
) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    test,
    fc.record({ not: tie("tree") }),
    fc.record({ and: fc.array(tie("tree"), { maxLength: 2 }) }),
    fc.record({ or: fc.array(tie("tree"), { maxLength: 2 }) }),
  ),
})).tree;

Deno.test("FilterMasks.of() is what matchItems() finds, whatever was asked for before", () => {
  const masks = new FilterMasks(TABLE, YEARS.length);
  fc.assert(
    fc.property(filter, (filter) => {
      assertEquals(
        masks.of(filter),
        matchItems(filter, TABLE, YEARS.length),
      );
    }),
    { numRuns: 2000 },
  );
});

Deno.test("FilterMasks.of() makes the tests once for filters that say the same in another order of keys", () => {
  const masks = new FilterMasks(TABLE, YEARS.length);
  const one = masks.of({ and: [{ field: "year", gte: 1980, lt: 2000 }] });
  const same = masks.of({ and: [{ lt: 2000, gte: 1980, field: "year" }] });
  assertStrictEquals(same, one);
  const other = masks.of({ or: [{ field: "year", gte: 1980, lt: 2000 }] });
  assertNotStrictEquals(other, one);
});

Deno.test("FilterMasks keeps no more than 4 MiB, those that were asked for last", () => {
  const items = 40_000;
  const masks = new FilterMasks(table(items), items);
  const often: ItemFilter = { field: "year", gt: 1990 };
  const first = masks.of(often);
  const seldom = masks.of({ field: "year", lt: 0 });
  const others: [ItemFilter, Uint8Array][] = [];
  for (let n = 0; n < 300; n++) {
    const other: ItemFilter = { field: "year", eq: n };
    others.push([other, masks.of(other)]);
    assertStrictEquals(masks.of(often), first);
  }
  // To ask for what is kept makes no room; the first that is not ends the search.
  let kept = 1;
  for (const [other, mask] of others.reverse()) {
    if (masks.of(other) !== mask) break;
    kept++;
  }
  assertLess(kept * items, MAX_BYTES + 1);
  assert((kept + 2) * items > MAX_BYTES, `${kept} are kept`);
  assertNotStrictEquals(masks.of({ field: "year", lt: 0 }), seldom);
});

Deno.test("FilterMasks counts the filters themselves, and does not keep what is too large alone", () => {
  const masks = new FilterMasks(TABLE, YEARS.length);
  const long: ItemFilter = { field: "genre", eq: "a".repeat(MAX_BYTES) };
  const short: ItemFilter = { field: "year", gt: 1990 };
  const kept = masks.of(short);
  assertNotStrictEquals(masks.of(long), masks.of(long));
  assertStrictEquals(masks.of(short), kept);
});

Deno.test("FilterMasks.of() refuses what matchItems() refuses, again and again", () => {
  const masks = new FilterMasks(TABLE, YEARS.length);
  for (let n = 0; n < 2; n++) {
    assertThrows(() => masks.of({ field: "size", eq: 3 }), RangeError);
    assertThrows(
      () => new FilterMasks(null, 3).of({ field: "year", eq: 3 }),
      RangeError,
    );
  }
});
