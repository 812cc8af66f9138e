import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { IdMap } from "../../../core/models/id_map.ts";

function utf8Order(a: string, b: string): number {
  const left = [...a].map((c) => c.codePointAt(0)!);
  const right = [...b].map((c) => c.codePointAt(0)!);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    if (left[i] !== right[i]) return left[i]! - right[i]!;
  }
  return left.length - right.length;
}

const ids = fc.uniqueArray(fc.string({ unit: "grapheme" }), { maxLength: 50 });

Deno.test("IdMap.from() sorts ids by code point and tells where each went", () => {
  fc.assert(fc.property(ids, (given) => {
    const { map, rank } = IdMap.from(given);
    const sorted = [...given].sort(utf8Order);
    assertEquals(Array.from({ length: map.size }, (_, i) => map.id(i)), sorted);
    assertEquals(
      Array.from(rank),
      given.map((id) => sorted.indexOf(id)),
    );
    map.validate();
  }));
});

Deno.test("IdMap.from() sorts hundreds of ids that share their first bytes or are the first bytes of others", () => {
  const many = fc.uniqueArray(
    fc.string({ unit: fc.constantFrom("\0", "a", "b", "é"), maxLength: 6 }),
    { minLength: 200, maxLength: 600, size: "max" },
  );
  fc.assert(
    fc.property(many, (given) => {
      const { map, rank } = IdMap.from(given);
      const sorted = [...given].sort(utf8Order);
      const read = Array.from({ length: map.size }, (_, i) => map.id(i));
      assertEquals(read, sorted);
      assertEquals(given.map((_, i) => sorted[rank[i]!]), given);
    }),
    { numRuns: 30 },
  );
});

Deno.test("IdMap.from() puts what is beyond U+FFFF last, although UTF-16 would not", () => {
  const { map } = IdMap.from(["\u{1f600}", "\uffee", "é", "e"]);
  assertEquals([0, 1, 2, 3].map((i) => map.id(i)), [
    "e",
    "é",
    "\uffee",
    "\u{1f600}",
  ]);
});

Deno.test("IdMap.from() refuses a repeat", () => {
  assertThrows(() => IdMap.from(["a", "b", "a"]), RangeError, "twice");
});

Deno.test("IdMap.indexOf() finds every id and nothing else", () => {
  fc.assert(fc.property(ids, fc.string(), (given, other) => {
    const { map, rank } = IdMap.from(given);
    given.forEach((id, i) => assertEquals(map.indexOf(id), rank[i]));
    if (!given.includes(other)) assertEquals(map.indexOf(other), -1);
  }));
});

Deno.test("IdMap.indexOf() tells prefixes, long ids and a byte order mark apart", () => {
  const long = "é".repeat(2000);
  const { map } = IdMap.from(["", "a", "ab", "\ufeffa", long]);
  for (const id of ["", "a", "ab", "\ufeffa", long]) {
    assertEquals(map.id(map.indexOf(id)), id);
  }
  assertEquals(map.indexOf(long + "é"), -1);
  assertEquals(map.indexOf("abc"), -1);
});

Deno.test("IdMap.indexOf() does not take a lone surrogate for the replacement character", () => {
  const { map } = IdMap.from(["\ufffd"]);
  assertEquals(map.indexOf("\ud800"), -1);
  assertEquals(map.indexOf("\ufffd"), 0);
});

Deno.test("IdMap works on shared memory and when it is empty", () => {
  const bytes = new Uint8Array(new SharedArrayBuffer(2));
  bytes.set(new TextEncoder().encode("ab"));
  const map = new IdMap(bytes, Uint32Array.of(0, 1, 2));
  map.validate();
  assertEquals(map.id(1), "b");
  assertEquals(map.indexOf("b"), 1);

  const empty = IdMap.from([]).map;
  empty.validate();
  assertEquals(empty.size, 0);
  assertEquals(empty.indexOf("a"), -1);
});

Deno.test("IdMap.id() refuses an index that names nothing", () => {
  const { map } = IdMap.from(["a"]);
  assertThrows(() => map.id(1), RangeError, "there are 1 ids");
  assertThrows(() => map.id(-1), RangeError);
});

Deno.test("IdMap.validate() refuses what is not a sorted list of texts", () => {
  const cases: [number[], number[], string][] = [
    [[97, 98], [], "do not start with 0"],
    [[97, 98], [1, 2], "do not start with 0"],
    [[97, 98], [0, 3], "must be from 0 to 2"],
    [[97, 98], [0, 2, 1], "must be from 2 to 2"],
    [[97, 98], [0, 1], "must end at 2"],
    [[98, 97], [0, 1, 2], "Id 1 does not follow"],
    [[97, 97], [0, 1, 2], "Id 1 does not follow"],
    [[97, 98, 97], [0, 2, 3], "Id 1 does not follow"],
    [[0xff], [0, 1], "not UTF-8"],
    [[0xc3], [0, 1], "not UTF-8"],
    [[97, 0xc3, 0xa9], [0, 2, 3], "within a character"],
  ];
  for (const [bytes, offsets, message] of cases) {
    const map = new IdMap(Uint8Array.from(bytes), Uint32Array.from(offsets));
    assertThrows(() => map.validate(), RangeError, message);
  }
});

Deno.test("IdMap.startingWith() finds the ids that start so, one after another", () => {
  const prefix = fc.string({ unit: "grapheme", maxLength: 2 });
  fc.assert(fc.property(ids, prefix, (given, start) => {
    const { map } = IdMap.from(given);
    const { begin, end } = map.startingWith(start);
    const found = Array.from(
      { length: end - begin },
      (_, n) => map.id(begin + n),
    );
    assertEquals(
      found,
      [...given].sort(utf8Order).filter((id) => id.startsWith(start)),
    );
  }));
});

Deno.test("IdMap.startingWith() takes a prefix of bytes for none of another letter, and finds nothing by half a letter", () => {
  const { map } = IdMap.from(["é", "éa", "ê", "e"]);
  assertEquals(map.startingWith("é"), { begin: 1, end: 3 });
  assertEquals(map.startingWith("\ud83d"), { begin: 0, end: 0 });
});
