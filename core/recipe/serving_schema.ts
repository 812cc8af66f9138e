import { z } from "zod";
import { filterParts, type ItemFilter } from "../models/item_filter.ts";
import { ITEM_FILTER } from "../models/item_filter_schema.ts";
import {
  MAX_BOOST,
  MAX_BOOSTS,
  MAX_COSTLY_LIMIT,
  MAX_LIMIT,
  MIN_BOOST,
} from "../models/list_limits.ts";
import { boolean, integer, number } from "./_scalars.ts";
import type { Serving } from "./recipe.ts";

const limit = integer(z.int().min(1).max(MAX_LIMIT));

const diversity = z.strictObject({
  lambda: number(z.number().min(0).max(1)).nullable().default(null)
    .describe("Between score alone, 1, and unlikeness to the items above, 0"),
  cap: z.strictObject({
    field: z.string().min(1).describe("Field of the items"),
    most: limit.describe("Most items with the same value of it"),
  }).nullable().default(null).describe("Most items of one kind"),
});

const boost = z.strictObject({
  filter: ITEM_FILTER.describe("Which items"),
  factor: number(z.number().min(MIN_BOOST).max(MAX_BOOST))
    .describe("What their scores are multiplied by"),
});

/** The `serving` block of a recipe. */
export const SERVING_SCHEMA: z.ZodType<Serving> = z.strictObject({
  limit: limit.nullable().default(null).describe("Most items of an answer"),
  fallback: z.enum(["popular", "error"]).nullable().default(null)
    .describe("What to answer when nothing is known of the user"),
  include_seen: boolean().nullable().default(null)
    .describe("Whether items that the user has may come"),
  filter: ITEM_FILTER.nullable().default(null)
    .describe("What fields of an item must be"),
  diversity: diversity.nullable().default(null)
    .describe("What keeps a list from being all of one kind"),
  boosts: z.array(boost).max(MAX_BOOSTS).nullable().default(null)
    .describe("Items that are raised or lowered"),
}).superRefine(({ limit, diversity }, context) => {
  const costly = diversity !== null && diversity.lambda !== null;
  if (costly && limit !== null && limit > MAX_COSTLY_LIMIT) {
    context.addIssue({
      code: "custom",
      path: ["limit"],
      message: `must be at most ${MAX_COSTLY_LIMIT} beside diversity.lambda`,
    });
  }
});

/** Every field of the items that a `serving` block names, and where. */
export function servingFields(
  { filter, boosts, diversity }: Serving,
): { readonly path: (string | number)[]; readonly field: string }[] {
  return [
    ...(filter ? filterFields(filter, ["filter"]) : []),
    ...(boosts ?? []).flatMap((boost, n) =>
      filterFields(boost.filter, ["boosts", n, "filter"])
    ),
    ...(diversity?.cap
      ? [{ path: ["diversity", "cap", "field"], field: diversity.cap.field }]
      : []),
  ];
}

function filterFields(
  filter: ItemFilter,
  path: (string | number)[],
): ReturnType<typeof servingFields> {
  if ("field" in filter) {
    return [{ path: [...path, "field"], field: filter.field }];
  }
  if ("not" in filter) return filterFields(filter.not, [...path, "not"]);
  const [key, parts] = filterParts(filter);
  return parts.flatMap((part, n) => filterFields(part, [...path, key, n]));
}
