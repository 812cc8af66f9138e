import type { Recommended } from "../core/models/recommend_options.ts";
import type { ItemFragments } from "./item_fragments.ts";

/** Items as the inside of a JSON array, and how many are not as they should be. */
export interface WrittenItems {
  readonly json: string;
  /** Items without their fields, because these cannot be written. */
  readonly fallback: number;
  /** Items that are not there, because not even their ids can be written. */
  readonly dropped: number;
}

/** Writes ranked items with their scores; their fields too unless `bare`. */
export function writeItems(
  { items, scores }: Pick<Recommended, "items" | "scores">,
  fragments: ItemFragments,
  bare: boolean = false,
): WrittenItems {
  let json = "";
  let fallback = 0;
  let dropped = 0;
  for (let at = 0; at < items.length; at++) {
    const item = items[at]!;
    let fragment;
    try {
      fragment = bare ? fragments.bare(item) : fragments.get(item);
    } catch {
      try {
        fragment = fragments.bare(item);
        fallback++;
      } catch {
        dropped++;
        continue;
      }
    }
    if (json !== "") json += ",";
    json += fragment.before + scores[at]! + fragment.after;
  }
  return { json, fallback, dropped };
}
