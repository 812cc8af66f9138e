/**
 * What a list of recommendations is to look like.
 *
 * @module
 */
import type { ItemFilter } from "./item_filter.ts";

/** Raises or lowers the items that a filter takes. */
export interface ItemBoost {
  /** Which items. */
  readonly filter: ItemFilter;
  /** Above 0. A score is multiplied by it, or divided when it is below 0, so that above 1 always raises. */
  readonly factor: number;
}

/** Puts an item at a place of its own, whatever its score. */
export interface ItemPin {
  /** Index of the item. */
  readonly item: number;
  /** Place in the list, from 0; the first places after the list when it is shorter. */
  readonly position: number;
}

/** Keeps a list from being all of one kind. */
export interface Diversity {
  /**
   * Maximal marginal relevance (Carbonell and Goldstein 1998): 1 ranks by score alone, 0 by unlikeness to what stands
   * above. Scores are scaled to 0..1 among the items that may come into the list; two items are alike as their users
   * are, by the cosine.
   */
  readonly lambda?: number;
  /** Most items with the same value of a field; items without a value are not counted. */
  readonly cap?: { readonly field: string; readonly most: number };
}

/** How many items to recommend, and which not. */
export interface RecommendOptions {
  /** Most items. */
  readonly limit: number;
  /** Items to leave out, beside those of the history. */
  readonly exclude?: Uint32Array;
  /** The only items that may be recommended; default: all. */
  readonly candidates?: Uint32Array;
  /** Fields that an item must have to be recommended. */
  readonly filter?: ItemFilter;
  /** Whether items of the history may be recommended again; default: no. */
  readonly includeSeen?: boolean;
  /** How many of the best to pass over, for the next page of a list; default: none. */
  readonly offset?: number;
  /** Applied one after another, before ranking. */
  readonly boosts?: readonly ItemBoost[];
  /** Not bound by anything else here; their items come once. */
  readonly pins?: readonly ItemPin[];
  /** Applied to the best five times as many as are asked for. */
  readonly diversity?: Diversity;
}

/** Items by falling score, ties by item index; what is pinned or ranked for diversity stands where it was put. */
export interface Recommended {
  /** Indices of the items. */
  readonly items: Uint32Array;
  /** Their scores. */
  readonly scores: Float32Array;
  /** Items left out because the history has them. */
  readonly seen: number;
  /** Items left out by `exclude`, `candidates` and `filter`, beside those of the history. */
  readonly filtered: number;
}
