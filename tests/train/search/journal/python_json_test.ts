import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  formatPythonJson,
  parsePythonJson,
} from "../../../../train/search/journal/python_json.ts";

Deno.test("parsePythonJson() reads what Python's json.dumps writes", () => {
  assertEquals(
    parsePythonJson(
      '{"a": [NaN, Infinity, -Infinity, 1.0, 1e-05], "NaN": "-Infinity \\"NaN\\" \\\\", "b": null}',
    ),
    {
      a: [NaN, Infinity, -Infinity, 1, 1e-5],
      NaN: '-Infinity "NaN" \\',
      b: null,
    },
  );
});

Deno.test("formatPythonJson() writes one line without blanks, numbers that are none bare", () => {
  assertEquals(
    formatPythonJson({
      a: [NaN, Infinity, -Infinity, 0.1],
      b: "x\ny",
      c: null,
    }),
    '{"a":[NaN,Infinity,-Infinity,0.1],"b":"x\\ny","c":null}',
  );
  assertEquals(formatPythonJson({ a: undefined, b: true }), '{"b":true}');
});

Deno.test("parsePythonJson() gives back any value that formatPythonJson() wrote", () => {
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.double(),
      fc.string({ unit: "grapheme" }),
      fc.constantFrom("NaN", "Infinity", '"', "\\", "0e-99999", null, true),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(fc.string(), tie("value"), {
        maxKeys: 4,
        noNullPrototype: true,
      }),
    ),
  }));
  fc.assert(fc.property(value, (each) => {
    const line = formatPythonJson(each);
    assertEquals(line.includes("\n"), false);
    // JSON has no -0.
    assertEquals(formatPythonJson(parsePythonJson(line)), line);
  }));
});

Deno.test("parsePythonJson() refuses what Python's json.loads refuses", () => {
  for (
    const text of ["", "nan", "-NaN", "+Infinity", "NaNs", "{'a': 1}", '"a']
  ) {
    assertThrows(() => parsePythonJson(text), SyntaxError, undefined, text);
  }
});
