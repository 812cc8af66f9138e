import { dateOf } from "./_parse_iso_time.ts";

const COLON = 0x3a;
const HYPHEN = 0x2d;
const SPACE = 0x20;
const UPPER_T = 0x54;
const LOWER_T = 0x74;
const UPPER_Z = 0x5a;

/**
 * Milliseconds since 1970 of a date, or a date and time to the second in UTC, in ASCII: `2010-12-01`,
 * `2010-12-01T08:26:00`, with or without `Z`. NaN for all else, rarer ways to write a time included.
 */
export function timeOfBytes(
  bytes: Uint8Array,
  from: number,
  to: number,
): number {
  const length = to - from;
  if (length !== 10 && length !== 19 && length !== 20) return NaN;
  if (bytes[from + 4] !== HYPHEN || bytes[from + 7] !== HYPHEN) return NaN;
  const date = dateOf(
    pair(bytes, from) * 100 + pair(bytes, from + 2),
    pair(bytes, from + 5),
    pair(bytes, from + 8),
  );
  if (length === 10) return date;
  const separator = bytes[from + 10];
  if (
    (separator !== SPACE && separator !== UPPER_T && separator !== LOWER_T) ||
    bytes[from + 13] !== COLON || bytes[from + 16] !== COLON ||
    (length === 20 && bytes[from + 19] !== UPPER_Z)
  ) {
    return NaN;
  }
  const hour = pair(bytes, from + 11);
  const minute = pair(bytes, from + 14);
  const second = pair(bytes, from + 17);
  if (!(hour < 24 && minute < 60 && second < 60)) return NaN;
  return date + hour * 3_600_000 + minute * 60_000 + second * 1000;
}

/** The whole number that up to 15 digits write; NaN for all else. */
export function wholeNumberOfBytes(
  bytes: Uint8Array,
  from: number,
  to: number,
): number {
  if (to === from || to - from > 15) return NaN;
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = bytes[at]! - 48;
    if (!(digit >= 0 && digit <= 9)) return NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** The number in two digits; NaN when one of them is none. */
function pair(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! - 48;
  const ones = bytes[at + 1]! - 48;
  if (!(tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9)) return NaN;
  return tens * 10 + ones;
}
