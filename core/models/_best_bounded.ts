import type { ScoreKernels } from "../kernels/kernels.ts";
import { best } from "./_best.ts";
import type { RankedItems } from "./_pin.ts";
import type { Bounded } from "./model.ts";

/** Above the score of what is left out, and below all others. */
const LEAST_FINITE = -(2 ** 127);

/**
 * The best items by scores of which bounds are known: the scores of the items of the best bounds tell what an item has to
 * reach, and only those whose bounds do are scored. The same items as if all were.
 *
 * @param bounds As `bounded` has just written them, -Infinity for what is left out.
 */
export function bestBounded(
  kernels: ScoreKernels,
  bounds: Float32Array,
  bounded: Bounded,
  limit: number,
): RankedItems {
  const first = best(kernels, bounds, limit);
  bounded.scoreSome(first.items, first.scores);
  const least = first.items.length < limit
    ? LEAST_FINITE
    : first.scores.reduce((a, b) => Math.min(a, b), Infinity);
  const items = kernels.atLeast(bounds, least);
  const scores = new Float32Array(items.length);
  bounded.scoreSome(items, scores);
  const ranked = best(kernels, scores, limit);
  return {
    items: ranked.items.map((at) => items[at]!),
    scores: ranked.scores,
  };
}
