/**
 * What all requests for a list of items may say of it.
 *
 * @module
 */
import { z } from "zod";
import type { ItemFilter } from "../../core/models/item_filter.ts";
import { ITEM_FILTER } from "../../core/models/item_filter_schema.ts";
import {
  DEFAULT_LIMIT,
  MAX_BOOST,
  MAX_BOOSTS,
  MAX_COSTLY_LIMIT,
  MAX_LIMIT,
  MIN_BOOST,
} from "../../core/models/list_limits.ts";
import { ID, ids, MAX_IDS, refuse, whole } from "./_parts.ts";

const MAX_OFFSET = 10_000;
const MAX_PINS = 20;

/**
 * The list that is asked for. What is absent may be said by defaults of the recipe: `{...defaults, ...request}` is a
 * request again.
 */
export interface ListRequest {
  readonly limit?: number | undefined;
  /** How many of the best to pass over. */
  readonly offset?: number | undefined;
  readonly exclude_items?: readonly string[] | null | undefined;
  /** The only items that may come. */
  readonly candidates?: readonly string[] | undefined;
  readonly filter?: ItemFilter | undefined;
  readonly diversity?: {
    readonly lambda?: number | undefined;
    readonly cap?:
      | { readonly field: string; readonly most: number }
      | undefined;
  } | undefined;
  readonly boosts?:
    | readonly { readonly filter: ItemFilter; readonly factor: number }[]
    | undefined;
  readonly pins?:
    | readonly { readonly item_id: string; readonly position: number }[]
    | undefined;
  /** Whether to say only that the request could be answered. */
  readonly validate_only?: boolean | undefined;
}

/** Schemas of the fields of {@linkcode ListRequest}. */
export const LIST_FIELDS: {
  readonly [K in keyof ListRequest]-?: z.ZodType<ListRequest[K]>;
} = {
  limit: whole(1, MAX_LIMIT).optional().meta({
    default: DEFAULT_LIMIT,
    description: "Most items of the answer",
  }),
  offset: whole(0, MAX_OFFSET).optional().meta({
    default: 0,
    description: "How many of the best to pass over",
  }),
  exclude_items: ids(0, MAX_IDS).nullish().meta({
    description: "Items that must not come; they are left out before the cut",
  }),
  candidates: ids(1, MAX_IDS).optional().meta({
    description: "The only items that may come; unknown ones are ignored",
  }),
  filter: ITEM_FILTER.optional(),
  diversity: z.strictObject({
    lambda: z.number().min(0).max(1).optional().meta({
      description:
        "Maximal marginal relevance: 1 ranks by score alone, 0 by unlikeness to the items above",
    }),
    cap: z.strictObject({
      field: z.string().max(256),
      most: whole(1, MAX_LIMIT),
    }).optional().meta({ description: "Most items with the same value" }),
  }).optional(),
  boosts: z.array(
    z.strictObject({
      filter: ITEM_FILTER,
      factor: z.number().min(MIN_BOOST).max(MAX_BOOST),
    }),
  ).max(MAX_BOOSTS).optional().meta({
    description: "Scores are multiplied, or divided where they are below 0",
  }),
  pins: z.array(
    z.strictObject({
      item_id: ID,
      position: whole(0, MAX_OFFSET + MAX_LIMIT),
    }),
  ).max(MAX_PINS).optional().meta({
    description:
      "Items at places of their own, from 0; unknown ones are ignored",
  }),
  validate_only: z.boolean().optional().meta({ default: false }),
};

/** What the limit must be where {@linkcode isTooCostly} is true. */
export const COSTLY_LIMIT: string =
  `Must be at most ${MAX_COSTLY_LIMIT}, offset included, beside explain or diversity.lambda`;

/** Whether a list that takes long to make is too long. */
export function isTooCostly(
  { limit = DEFAULT_LIMIT, offset = 0, diversity, explain }: ListRequest & {
    readonly explain?: boolean | undefined;
  },
): boolean {
  const costly = explain === true || diversity?.lambda !== undefined;
  return costly && limit + offset > MAX_COSTLY_LIMIT;
}

/** Refuses what would cost too much, and pins that contradict each other. */
export function checkList(
  request: ListRequest & { readonly explain?: boolean | undefined },
  context: z.RefinementCtx,
): void {
  const { pins } = request;
  if (isTooCostly(request)) {
    refuse(context, "less_than_equal", COSTLY_LIMIT, ["limit"]);
  }
  if (pins && new Set(pins.map(({ item_id }) => item_id)).size < pins.length) {
    refuse(context, "duplicate", "Must name an item once", ["pins"]);
  }
}
