import type { ItemPin } from "./recommend_options.ts";

/** Items in order, and their scores. */
export interface RankedItems {
  readonly items: Uint32Array;
  readonly scores: Float32Array;
}

/**
 * Puts pinned items at their places in a list of at most `limit`; the others move back. Scores that are not finite
 * become 0.
 *
 * @param scores Those of the pins, in their order.
 */
export function pin(
  ranked: RankedItems,
  pins: readonly ItemPin[],
  scores: readonly number[],
  limit: number,
): RankedItems {
  const pinned = pins.map(({ item, position }, n) => ({
    item,
    position,
    score: Number.isFinite(scores[n]) ? scores[n]! : 0,
  })).sort((a, b) => a.position - b.position);
  const own = new Set(pinned.map(({ item }) => item));
  const list = Array.from(
    ranked.items,
    (item, n) => ({ item, score: ranked.scores[n]! }),
  ).filter(({ item }) => !own.has(item));
  for (const each of pinned) list.splice(each.position, 0, each);
  const kept = list.slice(0, limit);
  return {
    items: Uint32Array.from(kept, ({ item }) => item),
    scores: Float32Array.from(kept, ({ score }) => score),
  };
}
