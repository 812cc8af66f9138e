/**
 * How much of a list may be asked for, by a request or by a recipe for all requests.
 *
 * @module
 */

/** Most items of a list when nothing is said. */
export const DEFAULT_LIMIT = 10;
/** Most items of a list. */
export const MAX_LIMIT = 1000;
/** Most items of a list that is explained or ranked for diversity, the places passed over included. */
export const MAX_COSTLY_LIMIT = 100;
/** Most boosts of a list. */
export const MAX_BOOSTS = 8;
/** Smallest factor of a boost. */
export const MIN_BOOST = 0.001;
/** Largest factor of a boost. */
export const MAX_BOOST = 1000;
