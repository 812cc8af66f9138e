/**
 * ETags as markers of versions.
 *
 * @module
 */
import type { Condition } from "./_object_service.ts";

/** The marker of what an answer speaks of. */
export function etagOf(answer: Response): string {
  return answer.headers.get("etag") ?? "";
}

/** Headers of a write that holds only for what the condition says. */
export function etagCondition(condition: Condition): Record<string, string> {
  if (condition === undefined) return {};
  return condition === null
    ? { "if-none-match": "*" }
    : { "if-match": condition.marker };
}
