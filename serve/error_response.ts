import type { Context } from "hono";
import { type ErrorCode, ERRORS } from "../core/errors.ts";
import type { AppEnv } from "./app_env.ts";
import { jsonResponse } from "./json_response.ts";

/** Refusals of HTTP itself, beside those of {@linkcode ERRORS}. */
const HTTP_ONLY: ReadonlyMap<string, number> = new Map([
  ["invalid_host", 400],
  ["not_found", 404],
  ["method_not_allowed", 405],
  ["body_too_large", 413],
]);

/** Machine-readable name in the body of an error answer. */
export type HttpErrorCode =
  | ErrorCode
  | "invalid_host"
  | "not_found"
  | "method_not_allowed"
  | "body_too_large";

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

/** The one writer of error answers: `{detail, code, request_id}`, and `errors` when a request broke rules. */
export function errorResponse(
  context: Context<AppEnv>,
  code: HttpErrorCode,
  detail: string,
  { errors, headers }: ErrorResponseOptions = {},
): Response {
  const status = HTTP_ONLY.get(code) ?? ERRORS[code as ErrorCode].status;
  const body = { detail, code, request_id: context.get("requestId"), errors };
  return jsonResponse(context, status, JSON.stringify(body), headers);
}
