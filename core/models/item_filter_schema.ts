import { z } from "zod";
import { filterParts, type ItemFilter } from "./item_filter.ts";

const MAX_NODES = 64;
const MAX_DEPTH = 8;
const MAX_VALUES = 100;
const MAX_TEXT = 256;

const TEXT = z.string().max(MAX_TEXT);
const VALUE = z.union([TEXT, z.number(), z.boolean()], {
  error: "must be text, a number, true or false",
});
const ORDERED = z.union([TEXT, z.number()], {
  error: "must be text or a number",
});

const TEST = z.strictObject({
  field: TEXT,
  eq: VALUE.optional(),
  in: z.array(VALUE).min(1).max(MAX_VALUES).optional(),
  lt: ORDERED.optional(),
  lte: ORDERED.optional(),
  gt: ORDERED.optional(),
  gte: ORDERED.optional(),
  exists: z.boolean().optional(),
}).refine(
  (test) => Object.keys(test).length > 1,
  "Must say what the field must be",
).meta({
  id: "FieldTest",
  minProperties: 2,
  description:
    "What a field of an item must be; all that is said must hold. Where nothing is known, only exists: false holds.",
});

const NODE: z.ZodType<ItemFilter> = z.lazy(() =>
  z.union([
    z.strictObject({ and: z.array(NODE).min(1).max(MAX_NODES) }),
    z.strictObject({ or: z.array(NODE).min(1).max(MAX_NODES) }),
    z.strictObject({ not: NODE }),
    TEST,
  ], { error: "must be and, or, not, or a test of a field" })
).meta({ id: "ItemFilter" }) as z.ZodType<ItemFilter>;

/** A filter of items: at most 64 nodes, at most 8 deep. */
export const ITEM_FILTER: z.ZodType<ItemFilter> = NODE.superRefine(
  (filter, context) => {
    const { nodes, depth } = measure(filter);
    if (nodes > MAX_NODES || depth > MAX_DEPTH) {
      context.addIssue({
        code: "custom",
        message:
          `Must have at most ${MAX_NODES} nodes and be at most ${MAX_DEPTH} deep`,
        params: { type: "filter_too_large" },
      });
    }
  },
);

function measure(filter: ItemFilter): { nodes: number; depth: number } {
  if ("field" in filter) return { nodes: 1, depth: 1 };
  const parts = ("not" in filter ? [filter.not] : filterParts(filter)[1])
    .map(measure);
  return {
    nodes: parts.reduce((sum, { nodes }) => sum + nodes, 1),
    depth: 1 + Math.max(...parts.map(({ depth }) => depth)),
  };
}
