import { assertEquals } from "@std/assert";
import type { Serving } from "../../../core/recipe/recipe.ts";
import { SERVING_SCHEMA } from "../../../core/recipe/serving_schema.ts";
import { saysAnything } from "../../../serve/verbs/says_anything.ts";

Deno.test("saysAnything() hears every key that the schema has, whatever it says but null", () => {
  const nothing = SERVING_SCHEMA.parse({});
  assertEquals(saysAnything(nothing), false);
  for (const key of Object.keys(nothing)) {
    for (const value of [false, 0, {}]) {
      const serving = { ...nothing, [key]: value } as Serving;
      assertEquals(saysAnything(serving), true, key);
    }
  }
});

Deno.test("saysAnything() hears a key that is added", () => {
  const serving = { ...SERVING_SCHEMA.parse({}), added: 1 };
  assertEquals(saysAnything(serving), true);
});
