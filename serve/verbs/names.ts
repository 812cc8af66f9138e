/** All verbs, as they stand in paths and metrics. */
export const VERBS = [
  "recommend",
  "recommend-related",
  "batch-recommend",
  "batch-recommend-related",
] as const;

/** Name of a verb. */
export type VerbName = typeof VERBS[number];
