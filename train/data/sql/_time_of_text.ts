const DAY_MS = 86_400_000;

/**
 * Milliseconds since 1970 of a time as PostgreSQL writes it in ISO style, `2010-12-01 08:26:00.123456+00`; the parts
 * after the date may be missing, and an offset counts. NaN for what does not look so, such as `infinity` and years
 * before our era.
 */
export function timeOfText(
  bytes: Uint8Array,
  from: number,
  to: number,
): number {
  if (to - from < 10 || bytes[from + 4] !== 45 || bytes[from + 7] !== 45) {
    return NaN;
  }
  let time = DAY_MS * daysSince1970(
    digits(bytes, from, from + 4),
    digits(bytes, from + 5, from + 7),
    digits(bytes, from + 8, from + 10),
  );
  let at = from + 10;
  if (at === to) return time;
  if (bytes[at] !== 32 || at + 9 > to) return NaN;
  time += clock(bytes, at + 1);
  at += 9;
  if (bytes[at] === 46 && at < to) {
    let unit = 1000;
    for (at++; at < to && isDigit(bytes[at]!); at++) {
      unit /= 10;
      time += (bytes[at]! - 48) * unit;
    }
  }
  if (at === to) return time;
  const sign = bytes[at] === 43 ? -1 : bytes[at] === 45 ? 1 : NaN;
  const hours = digits(bytes, at + 1, at + 3);
  const rest = to - at - 3;
  if (rest === 0) return time + sign * hours * 3_600_000;
  if (rest !== 3 && rest !== 6) return NaN;
  const minutes = digits(bytes, at + 4, at + 6);
  const seconds = rest === 6 ? digits(bytes, at + 7, at + 9) : 0;
  return time + sign * 1000 * (3600 * hours + 60 * minutes + seconds);
}

function clock(bytes: Uint8Array, at: number): number {
  return 1000 * (3600 * digits(bytes, at, at + 2) +
    60 * digits(bytes, at + 3, at + 5) + digits(bytes, at + 6, at + 8));
}

/** The number that digits write; NaN when one is none. */
function digits(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) {
    if (!isDigit(bytes[at]!)) return NaN;
    value = value * 10 + bytes[at]! - 48;
  }
  return value;
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

/** Days of the Gregorian calendar, counted from years that begin in March, so that leap days come last. */
function daysSince1970(year: number, month: number, day: number): number {
  const isNumber = year >= 0 && month >= 0 && day >= 0;
  if (!isNumber) return NaN;
  const y = month > 2 ? year : year - 1;
  const monthFromMarch = (month + 9) % 12;
  // Years of our era: what is cut off is what lies below, and 32-bit integers are cheaper to divide.
  const dayOfYear = ((153 * monthFromMarch + 2) / 5 | 0) + day - 1;
  return 365 * y + (y / 4 | 0) - (y / 100 | 0) + (y / 400 | 0) + dayOfYear -
    719_468;
}
