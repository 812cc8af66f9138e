import type { ItemOverlap } from "./_item_overlap.ts";
import type { RankedItems } from "./_pin.ts";
import type { ItemTable } from "./item_table.ts";
import type { ItemValue } from "./item_value.ts";
import type { Diversity } from "./recommend_options.ts";

/**
 * Chooses `most` items of a pool one after another: the one of the best balance of score and unlikeness to those
 * chosen, as long as its kind is not full. O(most · pool) and the likeness of each chosen item to the pool.
 *
 * @param pool Items by falling score.
 * @throws {RangeError} When the cap's field is unknown.
 */
export function diversify(
  pool: RankedItems,
  most: number,
  { lambda = 1, cap }: Diversity,
  table: ItemTable | null,
  overlap: () => ItemOverlap,
): RankedItems {
  const relevance = scaled(pool.scores);
  const nearest = new Float32Array(pool.items.length);
  const kinds = cap ? kindsOf(cap.field, pool.items, table) : null;
  const full = new Map<ItemValue, number>();
  const open = new Set(pool.items.keys());
  const chosen: number[] = [];
  while (chosen.length < most) {
    let best = -1;
    let bestValue = -Infinity;
    for (const n of open) {
      const value = lambda * relevance[n]! - (1 - lambda) * nearest[n]!;
      if (value > bestValue) [best, bestValue] = [n, value];
    }
    if (best < 0) break;
    open.delete(best);
    const kind = kinds?.[best] ?? null;
    if (cap && kind !== null) {
      const count = full.get(kind) ?? 0;
      if (count >= cap.most) continue;
      full.set(kind, count + 1);
    }
    chosen.push(best);
    if (lambda < 1) {
      raise(nearest, overlap().with(pool.items[best]!, pool.items));
    }
  }
  return {
    items: Uint32Array.from(chosen, (n) => pool.items[n]!),
    scores: Float32Array.from(chosen, (n) => pool.scores[n]!),
  };
}

/** Scores as 0..1; 1 when all are equal. */
function scaled(scores: Float32Array): Float32Array {
  const best = scores[0] ?? 0;
  const worst = scores.at(-1) ?? 0;
  return scores.map((score) =>
    best === worst ? 1 : (score - worst) / (best - worst)
  );
}

function kindsOf(
  field: string,
  items: Uint32Array,
  table: ItemTable | null,
): ItemValue[] {
  if (!table?.fields.includes(field)) {
    throw new RangeError(
      "Diversity is capped by a field that the items do not have",
    );
  }
  const { values, codes } = table.distinct(field);
  return Array.from(items, (item) => values[codes[item]!]!);
}

function raise(nearest: Float32Array, likeness: Float32Array): void {
  for (let n = 0; n < nearest.length; n++) {
    nearest[n] = Math.max(nearest[n]!, likeness[n]!);
  }
}
