/**
 * Numbers for people, the same in every language and time zone.
 *
 * @module
 */

/** Stands for what is not known. */
export const NOTHING = "–";

const COUNT = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const THREE_DIGITS = new Intl.NumberFormat("en", {
  maximumSignificantDigits: 3,
});
const PARAMETER = new Intl.NumberFormat("en", {
  maximumSignificantDigits: 4,
  useGrouping: false,
});

/** A whole number. */
export function count(value: number): string {
  return COUNT.format(value);
}

/** A whole number and what is counted. */
export function counted(value: number, one: string, many: string): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** A score between 0 and 1. */
export function score(value: number | null): string {
  return value === null ? NOTHING : value.toFixed(4);
}

/** A share of 1. */
export function percent(share: number): string {
  const value = 100 * share;
  if (share > 0 && value < 0.1) return `${THREE_DIGITS.format(value)} %`;
  return `${value >= 99.95 ? count(value) : value.toFixed(1)} %`;
}

/** A time that something took. */
export function duration(seconds: number): string {
  if (seconds < 1) return `${THREE_DIGITS.format(seconds * 1000)} ms`;
  if (seconds < 60) return `${THREE_DIGITS.format(seconds)} s`;
  const minutes = Math.floor(Math.round(seconds) / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds) % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A size. */
export function size(bytes: number | null): string {
  if (bytes === null) return NOTHING;
  const unit = bytes < 1e6 ? "kB" : bytes < 1e9 ? "MB" : "GB";
  const value = bytes / { kB: 1e3, MB: 1e6, GB: 1e9 }[unit];
  return `${value.toFixed(value < 10 ? 1 : 0)} ${unit}`;
}

/** The value of a parameter. */
export function parameter(value: unknown): string {
  if (typeof value !== "number") return String(value);
  const magnitude = Math.abs(value);
  return magnitude !== 0 && (magnitude < 1e-3 || magnitude >= 1e7)
    ? value.toExponential(2)
    : PARAMETER.format(value);
}

/** The mark of an axis. */
export function tick(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude < 1e-3 || magnitude >= 1e6)) {
    return Number(value.toPrecision(3)).toExponential();
  }
  return PARAMETER.format(value);
}

/** A time in UTC, `YYYY-MM-DDThh:mm:ssZ`. */
export function time(text: string): string {
  return `${text.slice(0, 10)} ${text.slice(11, 16)} UTC`;
}
