/**
 * Every way the system can refuse, in one table: code → exit code → HTTP status.
 *
 * @module
 */

/** What an {@linkcode ErrorCode} means to a shell and to an HTTP client. */
export interface ErrorEntry {
  /** Exit code of the process that ends with it. */
  readonly exit: number;
  /** HTTP status of the response that carries it. */
  readonly status: number;
}

/** Name of one way to refuse; stable, machine-readable. */
export type ErrorCode =
  | "internal_error"
  | "usage_error"
  | "recipe_error"
  | "recipe_security_error"
  | "unknown_algorithm"
  | "unknown_algorithm_in_budget"
  | "datasource_error"
  | "min_data_violation"
  | "time_unit_required"
  | "time_column_parse_error"
  | "split_error"
  | "search_error"
  | "no_active_algorithms"
  | "no_completed_trials"
  | "zero_score"
  | "excessive_per_trial_timeouts"
  | "invalid_metric"
  | "final_training_error"
  | "training_error"
  | "gate_failed"
  | "artifact_error"
  | "lock_contested"
  | "lock_timeout"
  | "http_fetch_error"
  | "config_error"
  | "signing_key_missing"
  | "missing_api_key"
  | "invalid_api_key"
  | "user_not_found"
  | "recipe_unavailable"
  | "validation_error";

/** Code → exit code and HTTP status. */
export const ERRORS: Readonly<Record<ErrorCode, ErrorEntry>> = {
  internal_error: { exit: 1, status: 500 },

  usage_error: { exit: 2, status: 400 },
  recipe_error: { exit: 2, status: 503 },
  recipe_security_error: { exit: 2, status: 503 },
  unknown_algorithm: { exit: 2, status: 503 },
  unknown_algorithm_in_budget: { exit: 2, status: 503 },

  datasource_error: { exit: 3, status: 500 },

  min_data_violation: { exit: 4, status: 500 },
  time_unit_required: { exit: 4, status: 500 },
  time_column_parse_error: { exit: 4, status: 500 },
  split_error: { exit: 4, status: 500 },
  search_error: { exit: 4, status: 500 },
  no_active_algorithms: { exit: 4, status: 500 },
  no_completed_trials: { exit: 4, status: 500 },
  zero_score: { exit: 4, status: 500 },
  excessive_per_trial_timeouts: { exit: 4, status: 500 },
  invalid_metric: { exit: 4, status: 500 },
  final_training_error: { exit: 4, status: 500 },
  training_error: { exit: 4, status: 500 },
  gate_failed: { exit: 4, status: 500 },

  artifact_error: { exit: 5, status: 503 },

  lock_contested: { exit: 6, status: 500 },
  lock_timeout: { exit: 6, status: 500 },

  http_fetch_error: { exit: 7, status: 502 },

  config_error: { exit: 8, status: 500 },
  signing_key_missing: { exit: 8, status: 500 },

  missing_api_key: { exit: 1, status: 401 },
  invalid_api_key: { exit: 1, status: 401 },
  user_not_found: { exit: 1, status: 404 },
  recipe_unavailable: { exit: 1, status: 503 },
  validation_error: { exit: 1, status: 422 },
};

/** Options of {@linkcode RecotemError}. */
export interface RecotemErrorOptions extends ErrorOptions {
  /** Facts for events and metrics, such as `{reason: "hmac"}`; never secrets or user ids. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * An expected failure: its message is one line that says what was wrong, where, and what would be right.
 *
 * @example
 * ```ts
 * import { RecotemError } from "@recotem/core";
 * import { assertEquals } from "@std/assert";
 *
 * const error = new RecotemError("lock_contested", "Another training run holds model.recotem.lock");
 * assertEquals(error.exitCode, 6);
 * ```
 */
export class RecotemError extends Error {
  /** `RecotemError`. */
  override readonly name = "RecotemError";
  /** Which refusal this is. */
  readonly code: ErrorCode;
  /** Facts for events and metrics. */
  readonly details: Readonly<Record<string, unknown>>;

  /** Creates the error for `code`. */
  constructor(
    code: ErrorCode,
    message: string,
    options: RecotemErrorOptions = {},
  ) {
    super(message, options);
    this.code = code;
    this.details = options.details ?? {};
  }

  /** Exit code of a process that ends with this error. */
  get exitCode(): number {
    return ERRORS[this.code].exit;
  }

  /** HTTP status of a response that carries this error. */
  get status(): number {
    return ERRORS[this.code].status;
  }
}
