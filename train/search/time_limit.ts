/** Longest that a timer waits, 24.8 days; it ends at once when asked for more. */
const MOST_MILLISECONDS = 2 ** 31 - 1;

/** A signal that is aborted when the time is over, 24.8 days at most; null without a limit. */
export function timeLimit(seconds: number | null): AbortSignal | null {
  return seconds === null
    ? null
    : AbortSignal.timeout(Math.min(seconds * 1000, MOST_MILLISECONDS));
}
