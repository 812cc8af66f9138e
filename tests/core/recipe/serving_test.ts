import { assertEquals, assertMatch } from "@std/assert";
import { recipeHash } from "../../../core/recipe/recipe_hash.ts";
import { recipeJsonSchema } from "../../../core/recipe/recipe_json_schema.ts";
import { parse, recipeText, refusal } from "./_helpers.ts";

function text(serving: string): string {
  return recipeText({
    metadata:
      "item_metadata: { type: csv, path: t.csv, fields: [title, price] }",
    serving: `serving: ${serving}`,
  });
}

Deno.test("parseRecipe() reads what requests ask for where they do not say", async () => {
  const { serving } = await parse(text(
    `{ limit: "20", fallback: popular, include_seen: no,
  filter: { and: [{ field: price, lt: 3 }, { not: { field: title, in: [Tea, Mug] } }] },
  diversity: { lambda: 0.5, cap: { field: title, most: 2 } },
  boosts: [{ filter: { field: price, exists: true }, factor: 1.5 }] }`,
  ));
  assertEquals(serving, {
    limit: 20,
    fallback: "popular",
    include_seen: false,
    filter: {
      and: [{ field: "price", lt: 3 }, {
        not: { field: "title", in: ["Tea", "Mug"] },
      }],
    },
    diversity: { lambda: 0.5, cap: { field: "title", most: 2 } },
    boosts: [{ filter: { field: "price", exists: true }, factor: 1.5 }],
  });
});

const REFUSALS: Readonly<Record<string, RegExp>> = {
  "{ limit: 0 }": /Key serving\.limit must be a whole number, at least 1 and/,
  "{ limitt: 3 }": /Unknown key "limitt" in serving; did you mean "limit"\?/,
  "{ fallback: popularr }": /Key serving\.fallback must be one of popular, err/,
  "{ filter: 3 }": /Key serving\.filter must be and, or, not, or a test of a f/,
  "{ filter: { field: price } }":
    /Key serving\.filter must say what the field must be/,
  "{ filter: { eq: 3 } }": /Missing key serving\.filter\.field/,
  "{ filter: { field: price, exists: maybe } }":
    /Key serving\.filter\.exists must be true or false, not "maybe"/,
  "{ filter: { and: [{ field: price, eq: [1] }] } }":
    /Key serving\.filter\.and\[0\]\.eq must be text, a number, true or false/,
  "{ filter: { and: [{ field: price, eqq: 1 }] } }":
    /Unknown key "eqq" in serving\.filter\.and\[0\]; did you mean "eq"\?/,
  "{ filter: { not: { field: cost, gt: 3 } } }":
    /Key serving\.filter\.not\.field names a field that item_metadata\.fields d/,
  "{ diversity: { lambda: 2 } }":
    /Key serving\.diversity\.lambda must be a number, at least 0 and at most 1/,
  "{ diversity: { cap: { field: cost, most: 2 } } }":
    /Key serving\.diversity\.cap\.field names a field/,
  "{ boosts: [{ filter: { field: cost, lt: 3 }, factor: 2 }] }":
    /Key serving\.boosts\[0\]\.filter\.field names a field/,
  "{ limit: 101, diversity: { lambda: 0.5 } }":
    /Key serving\.limit must be at most 100 beside diversity\.lambda/,
};

for (const [serving, says] of Object.entries(REFUSALS)) {
  Deno.test(`parseRecipe() refuses serving: ${serving}`, async () => {
    assertMatch((await refusal(text(serving))).message, says);
  });
}

Deno.test("recipeHash() is the same whatever is said of serving, which changes no model", async () => {
  assertEquals(
    await recipeHash(await parse(text("{ limit: 3 }"))),
    await recipeHash(await parse(text("{}"))),
  );
});

Deno.test("recipeJsonSchema() defines filters once", () => {
  const schema = recipeJsonSchema() as {
    readonly $defs: Readonly<Record<string, unknown>>;
  };
  assertEquals("ItemFilter" in schema.$defs, true);
});
