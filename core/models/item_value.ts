/** A value of an item's field; null where nothing is known. */
export type ItemValue = string | number | boolean | null;
