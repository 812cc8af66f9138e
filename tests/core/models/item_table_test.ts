import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { type ItemField, ItemTable } from "../../../core/models/item_table.ts";
import type { NamedTensors } from "../../../core/models/model.ts";

const ITEMS = 4;

function field(type: ItemField["type"]): fc.Arbitrary<ItemField> {
  const value = {
    text: fc.string({ unit: "grapheme" }),
    number: fc.double({ noNaN: true, noDefaultInfinity: true }),
    boolean: fc.boolean(),
  }[type] as fc.Arbitrary<string | number | boolean>;
  return fc.record({
    name: fc.string({ unit: "grapheme" }),
    type: fc.constant(type),
    values: fc.array(fc.option(value), {
      minLength: ITEMS,
      maxLength: ITEMS,
    }),
  });
}

const fields = fc.uniqueArray(
  fc.oneof(field("text"), field("number"), field("boolean")),
  { selector: ({ name }) => name, maxLength: 6 },
);

Deno.test("ItemTable gives back every value, before and after its tensors went elsewhere", () => {
  fc.assert(fc.property(fields, (given) => {
    const table = ItemTable.from(ITEMS, given);
    const again = ItemTable.load(table.tensors(), ITEMS)!;
    assertEquals(again.fields, given.map(({ name }) => name));
    for (let item = 0; item < ITEMS; item++) {
      const row = Object.fromEntries(
        given.map(({ name, values }) => [name, values[item]!]),
      );
      assertEquals(table.row(item), row);
      assertEquals(again.row(item), row);
    }
  }));
});

Deno.test("ItemTable.type() tells the type of a field, before and after its tensors went elsewhere", () => {
  const table = ItemTable.from(1, [
    { name: "title", type: "text", values: [null] },
    { name: "price", type: "number", values: [null] },
    { name: "new", type: "boolean", values: [null] },
  ]);
  for (const each of [table, ItemTable.load(table.tensors(), 1)!]) {
    assertEquals(each.fields.map((field) => each.type(field)), [
      "text",
      "number",
      "boolean",
    ]);
    assertThrows(() => each.type("colour"), RangeError);
  }
});

Deno.test("ItemTable.row() keeps a field that is called __proto__", () => {
  const table = ItemTable.from(1, [
    { name: "__proto__", type: "text", values: ["x"] },
  ]);
  assertEquals(Object.entries(table.row(0)), [["__proto__", "x"]]);
});

Deno.test("ItemTable.from() refuses values that do not fit", () => {
  const make = (field: Partial<ItemField>) => () =>
    ItemTable.from(1, [{ name: "f", type: "number", values: [1], ...field }]);
  assertThrows(make({ values: [] }), RangeError, "0 values, must have 1");
  assertThrows(make({ values: [NaN] }), RangeError, "must be finite");
  assertThrows(make({ values: ["1"] }), TypeError, "is text, must be number");
  assertThrows(make({ type: "text" }), TypeError, "is number, must be");
  assertThrows(make({ type: "boolean" }), TypeError, "is number, must be");
  assertThrows(
    () =>
      ItemTable.from(0, [
        { name: "f", type: "text", values: [] },
        { name: "f", type: "number", values: [] },
      ]),
    RangeError,
    "twice",
  );
});

Deno.test("ItemTable.load() gives null for no tensors", () => {
  assertEquals(ItemTable.load({}, 3), null);
});

Deno.test("ItemTable.load() refuses tensors that are missing, unknown, of another form or content", () => {
  const good = ItemTable.from(2, [
    { name: "title", type: "text", values: ["a", null] },
    { name: "price", type: "number", values: [1, null] },
    { name: "new", type: "boolean", values: [true, null] },
  ]).tensors();
  const u8 = (...data: number[]) => ({
    dtype: "u8" as const,
    shape: [data.length],
    data: Uint8Array.from(data),
  });
  const cases: [NamedTensors, typeof TypeError | typeof RangeError, string][] =
    [
      [{ ...good, "3.values": u8(0, 0) }, TypeError, "unknown tensor"],
      [{ ...good, "types": u8(0, 1, 3) }, RangeError, "has type 3"],
      [{ ...good, "types": u8(0, 1) }, RangeError, "must have shape 3"],
      [{ ...good, "0.nulls": u8(0, 2) }, RangeError, "at most 1"],
      [{ ...good, "2.values": u8(0, 3) }, RangeError, "at most 2"],
      [{ ...good, "2.values": u8(0) }, RangeError, "must have shape 2"],
      [{ ...good, "0.bytes": u8(0xff) }, RangeError, "not UTF-8"],
      [{ ...good, "1.values": u8(0, 0) }, TypeError, "must be f64"],
      [
        {
          ...good,
          "1.values": {
            dtype: "f64",
            shape: [2],
            data: Float64Array.of(1, Infinity),
          },
        },
        RangeError,
        "must be finite",
      ],
      [
        { ...good, "2.values": { ...u8(0, 1), shape: [3] } },
        RangeError,
        "must have shape 2",
      ],
    ];
  for (const name of Object.keys(good)) {
    const { [name]: _, ...rest } = good;
    cases.push([rest, TypeError, `no tensor "${name}"`]);
  }
  for (const [tensors, type, message] of cases) {
    assertThrows(() => ItemTable.load(tensors, 2), type, message);
  }
});
