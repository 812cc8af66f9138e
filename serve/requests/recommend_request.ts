import { z } from "zod";
import { ID, ids, MAX_IDS, refuse } from "./_parts.ts";
import { isExclusion, isId, isLimit } from "./_quick.ts";
import { hasOnly } from "./has_only.ts";
import { checkList, LIST_FIELDS, type ListRequest } from "./list_request.ts";
import type { RequestForm } from "./request_form.ts";

/** A list of items for someone: a known user, or a visitor of whom only some items are known. */
export interface RecommendRequest extends ListRequest {
  /** A user of the training data. */
  readonly user_id?: string | undefined;
  /** In its place, what a visitor has. */
  readonly items?: readonly string[] | undefined;
  /** Whether items that the user has may come. */
  readonly include_seen?: boolean | undefined;
  /** What to do when nothing is known of the user. */
  readonly fallback?: "popular" | "error" | undefined;
  /** Whether to say which of the user's items spoke for each item. */
  readonly explain?: boolean | undefined;
}

const SCHEMA: z.ZodType<RecommendRequest> = z.strictObject({
  user_id: ID.optional().meta({
    description: "A user of the training data; this or items is required",
  }),
  items: ids(1, MAX_IDS).optional().meta({
    description: "What a visitor has; unknown items are ignored",
  }),
  ...LIST_FIELDS,
  include_seen: z.boolean().optional().meta({ default: false }),
  fallback: z.enum(["popular", "error"]).optional().meta({
    default: "error",
    description: "What to answer when nothing is known of the user",
  }),
  explain: z.boolean().optional().meta({ default: false }),
}).superRefine((request, context) => {
  if (request.user_id === undefined && request.items === undefined) {
    refuse(context, "missing", "Is required, or items in its place", [
      "user_id",
    ]);
  } else if (request.user_id !== undefined && request.items !== undefined) {
    refuse(context, "value_error", "Cannot be given beside user_id", ["items"]);
  }
  checkList(request, context);
}).meta({
  id: "RecommendRequest",
  oneOf: [{ required: ["user_id"] }, { required: ["items"] }],
});

/** Fields of requests whose answers have no more than items. */
export const RECOMMEND_FIRST_FORM: ReadonlySet<string> = new Set([
  "user_id",
  "limit",
  "exclude_items",
]);

function quick(
  body: Readonly<Record<string, unknown>>,
): RecommendRequest | null {
  const { user_id, limit, exclude_items } = body;
  return isId(user_id) && isLimit(limit) && isExclusion(exclude_items) &&
      hasOnly(body, RECOMMEND_FIRST_FORM)
    ? body
    : null;
}

/** The body of `:recommend`. */
export const RECOMMEND_REQUEST: RequestForm<RecommendRequest> = {
  schema: SCHEMA,
  quick,
};
