import { assertEquals, assertThrows } from "@std/assert";
import { RecotemError } from "../../../core/errors.ts";
import { ItemTable } from "../../../core/models/item_table.ts";
import type { Serving } from "../../../core/recipe/recipe.ts";
import { checkServing } from "../../../core/recipe/check_serving.ts";

const NOTHING: Serving = {
  limit: null,
  fallback: null,
  include_seen: null,
  filter: null,
  diversity: null,
  boosts: null,
};
const TABLE = ItemTable.from(2, [
  { name: "title", type: "text", values: ["Emma", null] },
  { name: "pages", type: "number", values: [300, 200] },
]);

Deno.test("checkServing() refuses what the items' types do not allow, with its place", () => {
  for (
    const [serving, says] of [
      [
        { filter: { and: [{ field: "pages", lt: "9" }] } },
        "Key serving.filter.and[0].lt does not fit the items: The field is number, so must this be",
      ],
      [
        {
          boosts: [
            { filter: { field: "title", exists: true }, factor: 2 },
            { filter: { not: { field: "title", eq: 3 } }, factor: 2 },
          ],
        },
        "Key serving.boosts[1].filter.not.eq does not fit the items: The field is text, so must this be",
      ],
      [
        { diversity: { lambda: null, cap: { field: "genre", most: 2 } } },
        "Key serving.diversity.cap.field does not fit the items: Must be a field of the items",
      ],
    ] as const
  ) {
    const error = assertThrows(
      () => checkServing({ ...NOTHING, ...serving }, TABLE),
      RecotemError,
    );
    assertEquals([error.code, error.message], ["recipe_error", says]);
  }
});

Deno.test("checkServing() takes what fits, and nothing at all", () => {
  checkServing(NOTHING, null);
  checkServing({
    ...NOTHING,
    filter: { or: [{ field: "pages", gte: 9 }, { field: "title", eq: "" }] },
    boosts: [{ filter: { field: "pages", in: [1, 2] }, factor: 0.5 }],
    diversity: { lambda: 0.5, cap: { field: "title", most: 1 } },
  }, TABLE);
});
