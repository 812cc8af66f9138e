import { timerMilliseconds } from "./_timer_milliseconds.ts";

/** A signal that is aborted when the time is over, 24.8 days at most; null without a limit. */
export function timeLimit(seconds: number | null): AbortSignal | null {
  return seconds === null
    ? null
    : AbortSignal.timeout(timerMilliseconds(seconds));
}
