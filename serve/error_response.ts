import type { Context } from "hono";
import { type ErrorCode, ERRORS } from "../core/errors.ts";
import type { AppEnv } from "./app_env.ts";
import { jsonResponse } from "./json_response.ts";

/** Refusals of HTTP itself and of the verbs of `/v1`, beside those of {@linkcode ERRORS}. */
const HTTP_ONLY = {
  invalid_host: 400,
  not_found: 404,
  method_not_allowed: 405,
  body_too_large: 413,
  recipe_not_found: 404,
  unknown_user: 404,
  unknown_seed_items: 404,
  no_candidates: 404,
  too_many_failures: 429,
};

/** Machine-readable name in the body of an error answer; in capitals under `/v1`. */
export type HttpErrorCode = ErrorCode | keyof typeof HTTP_ONLY;

/** One part of a request that broke a rule; never holds the input itself. */
export interface ValidationIssue {
  /** Where, such as `["body", "cutoff"]`. */
  readonly loc: readonly (string | number)[];
  /** What would be right. */
  readonly msg: string;
  /** Name of the rule. */
  readonly type: string;
}

/** What an error answer says beside its code and detail. */
export interface ErrorResponseOptions {
  /** The rules that the request broke. */
  readonly errors?: readonly ValidationIssue[];
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The one writer of error answers: `{detail, code, request_id}`, and `errors` when a request broke rules. Under `/v1`
 * codes are in capitals, `request_id` stands in 422 and 500 only, and unknown paths and methods have a `detail` only.
 */
export function errorResponse(
  context: Context<AppEnv>,
  code: HttpErrorCode,
  detail: string,
  { errors, headers }: ErrorResponseOptions = {},
): Response {
  const status = code in HTTP_ONLY
    ? HTTP_ONLY[code as keyof typeof HTTP_ONLY]
    : ERRORS[code as ErrorCode].status;
  const seed = { detail, code, request_id: context.get("requestId"), errors };
  const body = context.req.path.startsWith("/v1/") ? mainBody(seed) : seed;
  return jsonResponse(context, status, JSON.stringify(body), headers);
}

interface SeedBody {
  readonly detail: string;
  readonly code: HttpErrorCode;
  readonly request_id: string;
  readonly errors: readonly ValidationIssue[] | undefined;
}

function mainBody(
  { detail, code, request_id, errors }: SeedBody,
): Record<string, unknown> {
  switch (code) {
    case "not_found":
    case "method_not_allowed":
      return { detail };
    case "internal_error":
      return { detail: "internal error", code: "INTERNAL_ERROR", request_id };
    case "validation_error":
      return { detail, code: "VALIDATION_ERROR", request_id, errors };
    default:
      return { detail, code: code.toUpperCase() };
  }
}
