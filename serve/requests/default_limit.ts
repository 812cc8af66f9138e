/** Most items of a list when nothing is said. */
export const DEFAULT_LIMIT = 10;
