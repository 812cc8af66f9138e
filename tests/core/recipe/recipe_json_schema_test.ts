import { assert, assertEquals } from "@std/assert";
import { recipeJsonSchema } from "../../../core/recipe/recipe_json_schema.ts";
import { parse, recipeText } from "./_helpers.ts";

// deno-lint-ignore no-explicit-any -- a JSON document is walked
const schema = recipeJsonSchema() as any;

Deno.test("recipeJsonSchema() is one draft 2020-12 document for the recipe", () => {
  assertEquals(schema.$schema, "https://json-schema.org/draft/2020-12/schema");
  assertEquals(schema.type, "object");
  assertEquals(schema.additionalProperties, false);
  assertEquals(schema.required, [
    "name",
    "source",
    "schema",
    "training",
    "output",
  ]);
});

Deno.test("recipeJsonSchema() has one branch for each source", () => {
  assertEquals(
    schema.properties.source.oneOf.map((
      // deno-lint-ignore no-explicit-any -- as above
      branch: any,
    ) => [branch.properties.type.const, branch.required]),
    [
      ["csv", ["type", "path"]],
      ["parquet", ["type", "path"]],
      ["sql", ["type", "dsn_env", "query"]],
      ["bigquery", ["type", "query"]],
    ],
  );
});

Deno.test("recipeJsonSchema() states bounds that mean something and no others", () => {
  const text = JSON.stringify(schema);
  assert(!text.includes(String(Number.MAX_SAFE_INTEGER)));
  const { cutoff, split } = schema.properties.training.properties;
  assertEquals([cutoff.type, cutoff.minimum], ["integer", 1]);
  const ratio = split.properties.heldout_ratio;
  assertEquals([ratio.exclusiveMinimum, ratio.exclusiveMaximum], [0, 1]);
});

Deno.test("recipeJsonSchema() describes every key and gives its default", async () => {
  const recipe = await parse(recipeText());
  // deno-lint-ignore no-explicit-any -- as above
  const visit = (node: any, value: any, path: string) => {
    for (
      const [key, child] of Object.entries<typeof node>(node.properties ?? {})
    ) {
      const place = `${path}.${key}`;
      assert(child.description?.length > 0, `${place} has no description`);
      const required = node.required?.includes(key) ?? false;
      assertEquals("default" in child, !required, `${place} default`);
      if (!required && !child.properties) {
        assertEquals(child.default, value[key], place);
      }
      visit(child, value[key] ?? {}, place);
    }
  };
  visit(schema, recipe, "");
  visit(schema.properties.source.oneOf[0], recipe.source, ".source");
});
