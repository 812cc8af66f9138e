import { assertEquals } from "@std/assert";
import { fitWidth } from "../../../train/view/fit_width.ts";

for (
  const [text, columns, expected] of [
    ["IALS 0.1", 20, "IALS 0.1"],
    ["IALS 0.1", 4, "IALS"],
    ["IALS", 0, ""],
    ["IALS", -1, ""],
    ["本棚の本", 8, "本棚の本"],
    ["本棚の本", 5, "本棚"],
    ["e\u0301e\u0301e\u0301", 2, "e\u0301e\u0301"],
    ["a👩‍👩‍👧b", 3, "a👩‍👩‍👧"],
    ["a👩‍👩‍👧b", 2, "a"],
  ] as const
) {
  Deno.test(`fitWidth() keeps ${JSON.stringify(expected)} of ${JSON.stringify(text)} in ${columns} cells`, () => {
    assertEquals(fitWidth(text, columns), expected);
  });
}
