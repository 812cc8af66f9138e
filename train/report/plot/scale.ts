/** An axis: where values lie on it, and where it is marked. */
export interface Scale {
  /** Values at which it is marked, ascending. */
  readonly ticks: readonly number[];
  /** Where a value lies, from 0 at the start of the axis to 1 at its end. */
  at(value: number): number;
}

/** Ends of an axis. */
export type Extent = readonly [low: number, high: number];

/** From the least to the greatest of values; null when there are none. */
export function extentOf(values: Iterable<number>): Extent | null {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : null;
}

/**
 * An axis with even distances, its ends moved outwards to round values.
 *
 * @param most How many marks there may be.
 * @param leastStep Least distance of two marks, 1 for whole numbers.
 */
export function linearScale(
  [low, high]: Extent,
  most: number,
  leastStep = 0,
): Scale {
  if (low === high) {
    const margin = Math.max(Math.abs(low) / 10, leastStep) || 1;
    return linearScale([low - margin, high + margin], most, leastStep);
  }
  const step = roundStep(
    Math.max(leastStep, (high - low) / Math.max(1, most - 1)),
  );
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  const start = first * step;
  const end = last * step;
  const by = Math.max(1, Math.ceil((last - first + 1) / most));
  return {
    ticks: Array.from(
      { length: Math.floor((last - first) / by) + 1 },
      (_, n) => Number(((first + n * by) * step).toPrecision(12)),
    ),
    at: (value) => (value - start) / (end - start),
  };
}

/**
 * An axis with even ratios, for values above 0. It is marked at powers of ten, or where there are too few of these at 1, 2
 * and 5 times them.
 *
 * @param most How many marks there may be.
 */
export function logScale([low, high]: Extent, most: number): Scale {
  if (low === high) return logScale([low / 2, high * 2], most);
  const start = Math.log(low);
  const span = Math.log(high) - start;
  const inside = (tick: number) =>
    tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9);
  const decades = Array.from(
    { length: Math.ceil(Math.log10(high)) - Math.floor(Math.log10(low)) + 1 },
    (_, n) => Math.floor(Math.log10(low)) + n,
  );
  const tens = decades.map((power) => Number(`1e${power}`)).filter(inside);
  const fine = decades
    .flatMap((power) => [1, 2, 5].map((n) => Number(`${n}e${power}`)))
    .filter(inside);
  const candidates = tens.length >= 3 || fine.length > 2 * most ? tens : fine;
  const by = Math.max(1, Math.ceil(candidates.length / most));
  return {
    ticks: candidates.filter((_, n) => n % by === 0),
    at: (value) => (Math.log(value) - start) / span,
  };
}

/** The smallest of 1, 2, 5 and, below 1, 2.5 times a power of ten that is at least `step`. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  for (const factor of power < 1 ? [1, 2, 2.5, 5] : [1, 2, 5]) {
    if (factor * power >= step * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}
