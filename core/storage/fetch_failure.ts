/**
 * What a failed `fetch`, or one whose answer breaks off, amounts to, as the end of a sentence. The request's URL is left
 * out: it may grant access.
 *
 * @param error What the runtime throws.
 *
 * @example
 * ```ts
 * import { fetchFailure } from "./fetch_failure.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const cause = new Error(
 *   "error sending request for url (http://host/?key=1): client error (Connect): tcp connect error",
 * );
 * assertEquals(fetchFailure(new TypeError("fetch failed", { cause })), "tcp connect error");
 * assertEquals(fetchFailure(new TypeError("error reading a body")), "it was cut");
 * ```
 */
export function fetchFailure({ message, cause }: TypeError): string {
  const text = cause instanceof Error ? cause.message : message;
  const [, reason] = /client error \(\w+\): ([^\n]+)$/.exec(text) ?? [];
  return reason ?? "it was cut";
}
