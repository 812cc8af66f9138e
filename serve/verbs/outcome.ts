/**
 * What comes of one request for a list of items.
 *
 * @module
 */
import type { Recommended } from "../../core/models/recommend_options.ts";
import type { ValidationIssue } from "../error_response.ts";

/** Why there is no list. */
export type RefusalCode =
  | "unknown_user"
  | "unknown_seed_items"
  | "no_candidates"
  | "validation_error";

/** No list. */
export interface Refusal {
  readonly refused: RefusalCode;
  /** One sentence that repeats nothing of the request. */
  readonly detail: string;
  readonly errors?: readonly ValidationIssue[];
}

/** A list. */
export interface Answer {
  readonly ranked: Recommended;
  /** More members of the answer as JSON, each after a comma; empty for requests of the first form. */
  readonly more: string;
  /** Whether the request wanted to know only that it can be answered. */
  readonly validateOnly: boolean;
}

/** A list, or why there is none. */
export type Outcome = Answer | Refusal;
