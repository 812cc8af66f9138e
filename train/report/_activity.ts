import type { ReportedActivity } from "./report.ts";

/** Most bars of a histogram. */
const MOST = 16;

/**
 * How many counts are 1, 2 to 3, 4 to 7, and so on in doubling widths; counts of 0 are left out, and so is what lies beyond
 * the largest count.
 */
export function activity(counts: Uint32Array): ReportedActivity[] {
  const bins: number[] = [];
  for (const count of counts) {
    if (count === 0) continue;
    const bin = Math.min(31 - Math.clz32(count), MOST - 1);
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  const most = counts.reduce((most, count) => Math.max(most, count), 0);
  return Array.from(bins, (count = 0, bin) => ({
    from: 2 ** bin,
    to: bin === bins.length - 1 ? most : 2 ** (bin + 1) - 1,
    count,
  }));
}
