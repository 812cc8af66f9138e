import { z } from "zod";
import { ids } from "./_parts.ts";
import { isExclusion, isIds, isLimit } from "./_quick.ts";
import { hasOnly } from "./has_only.ts";
import { checkList, LIST_FIELDS, type ListRequest } from "./list_request.ts";
import type { RequestForm } from "./request_form.ts";

const MAX_SEEDS = 100;

/** A list of items that are like others. */
export interface RelatedRequest extends ListRequest {
  /** The others; they do not come themselves. */
  readonly seed_items: readonly string[];
}

const SCHEMA: z.ZodType<RelatedRequest> = z.strictObject({
  seed_items: ids(1, MAX_SEEDS).meta({
    description: "Unknown items are ignored when one is known",
  }),
  ...LIST_FIELDS,
}).superRefine((request, context) => checkList(request, context))
  .meta({ id: "RelatedRequest" });

/** Fields of requests whose answers have no more than items. */
export const RELATED_FIRST_FORM: ReadonlySet<string> = new Set([
  "seed_items",
  "limit",
  "exclude_items",
]);

function quick(
  body: Readonly<Record<string, unknown>>,
): RelatedRequest | null {
  const { seed_items, limit, exclude_items } = body;
  return isIds(seed_items, MAX_SEEDS) && seed_items.length > 0 &&
      isLimit(limit) && isExclusion(exclude_items) &&
      hasOnly(body, RELATED_FIRST_FORM)
    ? body as { readonly seed_items: string[] }
    : null;
}

/** The body of `:recommend-related`. */
export const RELATED_REQUEST: RequestForm<RelatedRequest> = {
  schema: SCHEMA,
  quick,
};
