import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { parseStrictJson } from "../../serve/strict_json.ts";

Deno.test("parseStrictJson() gives what JSON.parse gives", () => {
  fc.assert(fc.property(
    fc.jsonValue({ maxDepth: 6 }),
    fc.constantFrom(undefined, 1, "\t\n"),
    (value, space) => {
      const text = JSON.stringify(value, null, space);
      assertEquals(parseStrictJson(text, 100), JSON.parse(text));
    },
  ));
});

Deno.test("parseStrictJson() refuses a repeated key, at any depth and however it is written", () => {
  for (
    const text of [
      '{"a":1,"a":1}',
      '{"a":1,"\\u0061":2}',
      '{"\\"":1 , "\\""  \n:2}',
      '[{"b":[{"a":1,"c":2,"a":3}]}]',
      '{"":1,"":2}',
      '{"__proto__":1,"__proto__":2}',
    ]
  ) {
    assertThrows(() => parseStrictJson(text, 10), SyntaxError, "repeated");
  }
});

Deno.test("parseStrictJson() takes a repeated text that is no key, and equal keys of different objects", () => {
  for (
    const text of [
      '["a","a"]',
      '{"a":"a","b":"a"}',
      '{"a":{"a":{"a":1}},"b":{"a":1}}',
      '[{"a":1},{"a":1}]',
      '{"a":"b\\":","b":1}',
      '{"a\\\\":1,"a":2}',
    ]
  ) {
    assertEquals(parseStrictJson(text, 10), JSON.parse(text));
  }
});

Deno.test("parseStrictJson() bounds nesting", () => {
  const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  parseStrictJson(nested(32), 32);
  assertThrows(() => parseStrictJson(nested(33), 32), SyntaxError, "deep");
  assertThrows(
    () => parseStrictJson('{"a":'.repeat(33) + "1" + "}".repeat(33), 32),
    SyntaxError,
    "deep",
  );
  parseStrictJson("[" + "[],".repeat(100) + "[]]", 2);
});
