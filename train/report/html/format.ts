/**
 * Numbers for people, the same in every language and time zone.
 *
 * @module
 */

/** Stands for what is not known. */
export const NOTHING = "–";

const COUNT = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const TWO_DIGITS = new Intl.NumberFormat("en", {
  maximumSignificantDigits: 2,
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

/** Between which scores one lies. */
export function between(
  interval: readonly [low: number, high: number] | null,
): string {
  return interval === null ? NOTHING : interval.map(score).join(" to ");
}

/** A share of 1. */
export function percent(share: number): string {
  const value = 100 * share;
  if (share > 0 && value < 0.1) return `${TWO_DIGITS.format(value)} %`;
  return `${value >= 99.95 ? count(value) : value.toFixed(1)} %`;
}

/** A time that something took. */
export function duration(seconds: number): string {
  if (seconds < 0.9995) return `${TWO_DIGITS.format(seconds * 1000)} ms`;
  if (seconds < 59.95) return `${Number(seconds.toFixed(1))} s`;
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
    ? Number(value.toPrecision(3)).toExponential()
    : PARAMETER.format(value);
}

/** How the marks of an axis with even distances are written: all to the same decimals. */
export function tickFormat(
  ticks: readonly number[],
): (value: number) => string {
  const decimals = Math.max(
    0,
    ...ticks.map((tick) => parameter(tick).split(".")[1]?.length ?? 0),
  );
  const fixed = ticks.every((tick) => !parameter(tick).includes("e"));
  return (value) => fixed ? value.toFixed(decimals) : parameter(value);
}

/** A time in UTC, `YYYY-MM-DDThh:mm:ssZ`. */
export function time(text: string): string {
  return `${text.slice(0, 10)} ${text.slice(11, 16)} UTC`;
}
