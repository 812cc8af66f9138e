import type { Kernels } from "../../core/kernels/kernels.ts";
import type { Csr } from "../../core/kernels/csr.ts";
import type { Model } from "../../core/models/model.ts";
import type { ReportedCatalogue } from "./report.ts";

/** Users looked at: as many as make the shares good to a percent, and no more work than a trial's evaluation. */
const MOST_USERS = 10_000;
/** Users ranked at once: bounds memory. */
const BLOCK = 2048;
/** Points of the curve, more than a screen can show apart. */
const POINTS = 100;

/** What {@linkcode catalogueFacts} works with. */
export interface CatalogueContext {
  readonly kernels: Kernels;
  /** Users of each item. */
  readonly popularity: Uint32Array;
  readonly cutoff: number;
  readonly signal: AbortSignal;
}

/** What the lists of a model are made of. Costs as much as evaluating it for at most 10,000 users. */
export async function catalogueFacts(
  model: Model,
  seen: Csr,
  { kernels, popularity, cutoff, signal }: CatalogueContext,
): Promise<ReportedCatalogue> {
  const k = Math.min(cutoff, seen.cols);
  const users = evenly(seen.rows, MOST_USERS);
  const listed = new Uint32Array(seen.cols);
  /** Best place that an item has in any list, from 0; `k`: in none. */
  const bestPlace = new Uint32Array(seen.cols).fill(k);
  for (let start = 0; start < users.length; start += BLOCK) {
    signal.throwIfAborted();
    const block = users.subarray(start, start + BLOCK);
    const { indices, counts } = await model.rankUsers(
      kernels,
      seen,
      { users: block, seen, k },
      signal,
    );
    for (let row = 0; row < block.length; row++) {
      for (let place = 0; place < counts[row]!; place++) {
        const item = indices[row * k + place]!;
        listed[item]!++;
        bestPlace[item] = Math.min(bestPlace[item]!, place);
      }
    }
  }
  return {
    users: users.length,
    cutoff: k,
    concentration: concentration(popularity, listed),
    coverage: coverage(bestPlace, k),
  };
}

/** At most `most` of the indices below `count`, at even distances. */
function evenly(count: number, most: number): Uint32Array {
  return Uint32Array.from(
    { length: Math.min(count, most) },
    (_, n) => Math.floor(n * Math.max(1, count / most)),
  );
}

function concentration(
  popularity: Uint32Array,
  listed: Uint32Array,
): ReportedCatalogue["concentration"] {
  const items = popularity.length;
  const order = Uint32Array.from(popularity, (_, item) => item)
    .sort((a, b) => popularity[b]! - popularity[a]! || a - b);
  const wanted = new Set(
    Array.from(
      { length: POINTS + 1 },
      (_, n) => Math.round(items * (n / POINTS) ** 2),
    ),
  );
  const all = { interactions: total(popularity), listed: total(listed) };
  let interactions = 0;
  let recommendations = 0;
  const points = [{ items: 0, interactions: 0, recommendations: 0 }];
  for (const [n, item] of order.entries()) {
    interactions += popularity[item]!;
    recommendations += listed[item]!;
    if (!wanted.has(n + 1)) continue;
    points.push({
      items: (n + 1) / items,
      interactions: interactions / Math.max(1, all.interactions),
      recommendations: recommendations / Math.max(1, all.listed),
    });
  }
  return points;
}

function coverage(
  bestPlace: Uint32Array,
  k: number,
): ReportedCatalogue["coverage"] {
  const newAt = new Uint32Array(k + 1);
  for (const place of bestPlace) newAt[place]!++;
  let covered = 0;
  return Array.from(newAt.subarray(0, k), (count, place) => ({
    length: place + 1,
    items: (covered += count) / bestPlace.length,
  }));
}

function total(counts: Uint32Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
