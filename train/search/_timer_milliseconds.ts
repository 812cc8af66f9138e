/** Longest that a timer waits, 24.8 days; it ends at once when asked for more. */
const MOST_MILLISECONDS = 2 ** 31 - 1;

/** What a timer is to be set to for `seconds`, 24.8 days at most. */
export function timerMilliseconds(seconds: number): number {
  return Math.min(1000 * seconds, MOST_MILLISECONDS);
}
