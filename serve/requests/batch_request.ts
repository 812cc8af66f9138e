import { z } from "zod";
import type { RequestForm } from "./request_form.ts";

/** Most elements of a batch. */
const MAX_ELEMENTS = 256;

/** Many requests in one; each element is checked by itself. */
export interface BatchRequest<Element> {
  readonly requests: readonly Element[];
  /** Whether items are answered with their fields. */
  readonly include_metadata?: boolean | undefined;
}

/**
 * The body of a batch.
 *
 * @param element Any object, or the whole schema for a document.
 */
export function batchRequest<Element>(
  element: z.ZodType<Element>,
): z.ZodType<BatchRequest<Element>> {
  return z.strictObject({
    requests: z.array(element).min(1).max(MAX_ELEMENTS),
    include_metadata: z.boolean().optional().meta({ default: false }),
  });
}

/** What must be true of a batch as a whole: its elements are objects. */
export const BATCH_SHAPE: RequestForm<BatchRequest<object>> = {
  schema: batchRequest(
    // No schema of an object, because that would copy keys such as __proto__.
    z.custom<object>(
      (value) =>
        typeof value === "object" && value !== null && !Array.isArray(value),
      { message: "Must be an object", params: { type: "object_type" } },
    ),
  ),
};
