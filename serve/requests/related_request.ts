import { z } from "zod";
import { ids } from "./_parts.ts";
import { checkList, LIST_FIELDS, type ListRequest } from "./list_request.ts";

const MAX_SEEDS = 100;

/** A list of items that are like others. */
export interface RelatedRequest extends ListRequest {
  /** The others; they do not come themselves. */
  readonly seed_items: readonly string[];
}

/** The body of `:recommend-related`. */
export const RELATED_REQUEST: z.ZodType<RelatedRequest> = z.strictObject({
  seed_items: ids(1, MAX_SEEDS).meta({
    description: "Unknown items are ignored when one is known",
  }),
  ...LIST_FIELDS,
}).superRefine((request, context) => checkList(request, context))
  .meta({ id: "RelatedRequest" });
