import type { FilterMasks } from "./filter_masks.ts";
import type { RecommendOptions } from "./recommend_options.ts";

/** How many items were left out, and why. */
export interface LeftOut {
  /** Because the history has them. */
  readonly seen: number;
  /** For another reason. */
  readonly filtered: number;
}

/**
 * Makes the scores of items that must not be recommended `-Infinity`. Linear in what is left out; in the items when
 * there are candidates or a filter.
 *
 * @throws {RangeError} When the filter cannot be applied to the items.
 */
export function leaveOut(
  scores: Float32Array,
  seen: Uint32Array,
  { exclude, candidates, filter, includeSeen }: RecommendOptions,
  masks: FilterMasks,
): LeftOut {
  const ofHistory = includeSeen ? 0 : hide(scores, seen);
  let filtered = exclude ? hide(scores, exclude) : 0;
  if (candidates) {
    filtered += hideOthers(scores, marked(candidates, scores.length));
  }
  if (filter) {
    filtered += hideOthers(scores, masks.of(filter));
  }
  return { seen: ofHistory, filtered };
}

function hide(scores: Float32Array, items: Uint32Array): number {
  let hidden = 0;
  for (let n = 0; n < items.length; n++) {
    const item = items[n]!;
    if (scores[item] === -Infinity) continue;
    scores[item] = -Infinity;
    hidden++;
  }
  return hidden;
}

function hideOthers(scores: Float32Array, kept: Uint8Array): number {
  let hidden = 0;
  for (let item = 0; item < scores.length; item++) {
    if (kept[item] === 1 || scores[item] === -Infinity) continue;
    scores[item] = -Infinity;
    hidden++;
  }
  return hidden;
}

function marked(items: Uint32Array, size: number): Uint8Array {
  const marks = new Uint8Array(size);
  for (const item of items) marks[item] = 1;
  return marks;
}
