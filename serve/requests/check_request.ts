import type { z } from "zod";
import { isUnknownField, unfoldUnion } from "../../core/recipe/unfold_union.ts";
import type { ValidationIssue } from "../error_response.ts";
import type { RequestForm } from "./request_form.ts";

/** Most issues that are told of one request. */
const MAX_ISSUES = 20;

/** A request that keeps the rules, or the rules that it broke. */
export type Checked<Request> =
  | { readonly request: Request }
  | { readonly issues: readonly ValidationIssue[] };

/**
 * Checks a JSON value. Types are taken as they are, `true` is no number and `"10"` neither. Issues repeat nothing of the
 * value: a name that the schema does not know is not told.
 */
export function checkRequest<Request>(
  { schema, quick }: RequestForm<Request>,
  value: unknown,
): Checked<Request> {
  if (quick && isObject(value)) {
    const request = quick(value);
    if (request !== null) return { request };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { request: parsed.data };
  const issues = parsed.error.issues.flatMap((issue) => unfoldUnion(issue));
  return {
    issues: issues.slice(0, MAX_ISSUES).map((issue) => ({
      loc: ["body", ...issue.path.filter((key) => typeof key !== "symbol")],
      ...describe(issue, valueAt(value, issue.path)),
    })),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function describe(
  issue: z.core.$ZodIssue,
  value: unknown,
): Omit<ValidationIssue, "loc"> {
  switch (issue.code) {
    case "invalid_type":
      return value === undefined
        ? { msg: "Is required", type: "missing" }
        : TYPES[issue.expected] ??
          { msg: "Is of the wrong type", type: "type_error" };
    case "too_small":
      return bound(issue.origin, "least", issue.minimum);
    case "too_big":
      return bound(issue.origin, "most", issue.maximum);
    case "unrecognized_keys":
      return {
        msg: "Has a field that is not known here",
        type: "extra_forbidden",
      };
    case "invalid_union":
      return issue.errors.some((branch) => branch.some(isNoBranch))
        ? { msg: "Must be and, or, not, or a test of a field", type: "filter" }
        : { msg: "Must be a single value", type: "value_type" };
    case "invalid_value":
      return {
        msg: `Must be ${issue.values.join(" or ")}`,
        type: "literal_error",
      };
    case "custom":
      return {
        msg: issue.message,
        type: String(issue.params?.type ?? "value_error"),
      };
    default:
      return { msg: "Is not valid", type: "value_error" };
  }
}

/** Whether an object of other fields was wanted. */
function isNoBranch(issue: z.core.$ZodIssue): boolean {
  return isUnknownField(issue) ||
    issue.code === "invalid_type" && issue.expected === "object";
}

const TYPES: Readonly<Record<string, Omit<ValidationIssue, "loc">>> = {
  string: { msg: "Must be text", type: "string_type" },
  int: { msg: "Must be a whole number", type: "int_type" },
  number: { msg: "Must be a number", type: "float_type" },
  boolean: { msg: "Must be true or false", type: "bool_type" },
  array: { msg: "Must be a list", type: "list_type" },
  object: { msg: "Must be an object", type: "object_type" },
};

function bound(
  origin: string,
  end: "least" | "most",
  value: number | bigint,
): Omit<ValidationIssue, "loc"> {
  const low = end === "least";
  switch (origin) {
    case "string":
      return {
        msg: `Must have at ${end} ${value} characters`,
        type: low ? "string_too_short" : "string_too_long",
      };
    case "array":
      return {
        msg: `Must have at ${end} ${value} elements`,
        type: low ? "too_short" : "too_long",
      };
    default:
      return {
        msg: `Must be at ${end} ${value}`,
        type: low ? "greater_than_equal" : "less_than_equal",
      };
  }
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at = value;
  for (const key of path) at = (at as Record<PropertyKey, unknown>)?.[key];
  return at;
}
