import type { History } from "../../core/models/model.ts";
import type { ServedModel } from "../served_model.ts";

/** Most items that are named for each one that is explained. */
const MOST_REASONS = 3;

/** For each item those of the history that say most for it, as the JSON member `explanations`. */
export function writeExplanations(
  { recommender }: ServedModel,
  history: History,
  items: Uint32Array,
): string {
  const influences = recommender.explain(history, items);
  const length = history.items.length;
  const explanations = Array.from(items, (item, row) => {
    const own = influences.subarray(row * length, (row + 1) * length);
    return {
      item_id: recommender.items.id(item),
      because: strongest(own).map((n) => ({
        item_id: recommender.items.id(history.items[n]!),
        influence: own[n],
      })),
    };
  });
  return `,"explanations":${JSON.stringify(explanations)}`;
}

/** Positions of the largest influences above 0, falling. */
function strongest(influences: Float32Array): number[] {
  const kept: number[] = [];
  for (let n = 0; n < influences.length; n++) {
    if (!(influences[n]! > 0 && influences[n]! < Infinity)) continue;
    let at = kept.length;
    while (at > 0 && influences[kept[at - 1]!]! < influences[n]!) at--;
    if (at >= MOST_REASONS) continue;
    kept.splice(at, 0, n);
    kept.length = Math.min(kept.length, MOST_REASONS);
  }
  return kept;
}
