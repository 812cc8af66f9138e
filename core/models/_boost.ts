import type { FilterMasks } from "./filter_masks.ts";
import type { ItemBoost } from "./recommend_options.ts";

/** Multiplies the scores of the items that each boost's filter takes; divides those below 0. */
export function boost(
  scores: Float32Array,
  boosts: readonly ItemBoost[],
  masks: FilterMasks,
): void {
  for (const { filter, factor } of boosts) {
    const taken = masks.of(filter);
    for (let item = 0; item < scores.length; item++) {
      if (taken[item] === 0) continue;
      scores[item] = scores[item]! < 0
        ? scores[item]! / factor
        : scores[item]! * factor;
    }
  }
}
