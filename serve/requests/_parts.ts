/**
 * Parts of requests, as schemas that check them and describe them in the API's document.
 *
 * @module
 */
import { z } from "zod";

/** Most characters of an id. */
export const MAX_ID_LENGTH = 256;
/** Most ids of a list in a request. */
export const MAX_IDS = 1000;

/** An id: 1 to 256 characters. Counted as code points, as JSON Schema does. */
export const ID: z.ZodType<string> = z.string().superRefine((id, context) => {
  if (id.length === 0) {
    refuse(context, "string_too_short", "Must have at least 1 character");
  } else if (id.length > MAX_ID_LENGTH && [...id].length > MAX_ID_LENGTH) {
    refuse(
      context,
      "string_too_long",
      `Must have at most ${MAX_ID_LENGTH} characters`,
    );
  } else if (!id.isWellFormed()) {
    refuse(context, "string_unicode", "Must be well-formed Unicode");
  }
}).meta({ minLength: 1, maxLength: MAX_ID_LENGTH });

/** Some ids. */
export function ids(min: number, max: number): z.ZodType<string[]> {
  return z.array(ID).min(min).max(max);
}

/** A whole number of a range. */
export function whole(min: number, max: number): z.ZodType<number> {
  return z.unknown().superRefine((value, context) => {
    if (value === undefined) refuse(context, "missing", "Is required");
    else if (typeof value !== "number" || !Number.isInteger(value)) {
      refuse(context, "int_type", "Must be a whole number");
    } else if (value < min) {
      refuse(context, "greater_than_equal", `Must be at least ${min}`);
    } else if (value > max) {
      refuse(context, "less_than_equal", `Must be at most ${max}`);
    }
  }).meta({ type: "integer", minimum: min, maximum: max }) as z.ZodType<number>;
}

/** Adds an issue of a type of its own. */
export function refuse(
  context: z.RefinementCtx,
  type: string,
  message: string,
  path: readonly (string | number)[] = [],
): void {
  context.addIssue({
    code: "custom",
    message,
    params: { type },
    path: [...path],
  });
}
