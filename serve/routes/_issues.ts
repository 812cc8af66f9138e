import type { ValidationIssue } from "../error_response.ts";

/** The body is not JSON, or leaves doubt. */
export const NOT_JSON: ValidationIssue = {
  loc: ["body"],
  msg: "Must be JSON without repeated keys",
  type: "json_invalid",
};

/** The path has no name of a recipe. */
export const NO_NAME: ValidationIssue = {
  loc: ["path", "name"],
  msg: "Must be 1 to 64 of the characters A-Z a-z 0-9 _ -",
  type: "string_pattern_mismatch",
};
