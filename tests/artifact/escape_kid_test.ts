import { assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { escapeKid } from "../../artifact/escape_kid.ts";

Deno.test("escapeKid() keeps letters, digits and _ - . :", () => {
  const kid = "Prod-2026_a.b:c";
  assertEquals(escapeKid(kid), kid);
});

Deno.test("escapeKid() writes all else as hex", () => {
  assertEquals(
    escapeKid("a b\n\x1b[31m'\\é"),
    "a\\x20b\\x0a\\x1b\\x5b31m\\x27\\x5c\\xe9",
  );
});

Deno.test("escapeKid() shows 64 characters at most", () => {
  assertEquals(escapeKid("k".repeat(64)), "k".repeat(64));
  assertEquals(escapeKid("k".repeat(65)), "k".repeat(64) + "...");
});

Deno.test("escapeKid() leaves nothing that a terminal or a log obeys", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (kid) => {
      assertMatch(escapeKid(kid), /^[A-Za-z0-9_.:\\-]*$/);
    }),
  );
});
