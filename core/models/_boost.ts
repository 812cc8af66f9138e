import type { ItemTable } from "./item_table.ts";
import { matchItems } from "./match_items.ts";
import type { ItemBoost } from "./recommend_options.ts";

/** Multiplies the scores of the items that each boost's filter takes; divides those below 0. */
export function boost(
  scores: Float32Array,
  boosts: readonly ItemBoost[],
  table: ItemTable | null,
): void {
  for (const { filter, factor } of boosts) {
    const taken = matchItems(filter, table, scores.length);
    for (let item = 0; item < scores.length; item++) {
      if (taken[item] === 0) continue;
      scores[item] = scores[item]! < 0
        ? scores[item]! / factor
        : scores[item]! * factor;
    }
  }
}
