/**
 * Checks of the values that most requests are made of, each stricter than the schema or the same.
 *
 * @module
 */
import { MAX_LIMIT } from "../../core/models/list_limits.ts";
import { MAX_ID_LENGTH, MAX_IDS } from "./_parts.ts";

/** Whether a value is an id, one of few code units. */
export function isId(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 &&
    value.length <= MAX_ID_LENGTH && value.isWellFormed();
}

/** Whether a value is a list of ids. */
export function isIds(value: unknown, most: number): value is string[] {
  return Array.isArray(value) && value.length <= most && value.every(isId);
}

/** Whether a value is a limit, or there is none. */
export function isLimit(value: unknown): value is number | undefined {
  return value === undefined ||
    typeof value === "number" && Number.isInteger(value) && value >= 1 &&
      value <= MAX_LIMIT;
}

/** Whether a value is a list of items to exclude, or there is none. */
export function isExclusion(
  value: unknown,
): value is string[] | null | undefined {
  return value === undefined || value === null || isIds(value, MAX_IDS);
}
