import type { RecommendOptions } from "../models/recommend_options.ts";
import type { Serving } from "./recipe.ts";

/** What a `serving` block says of lists, but for their length, in the terms of a recommender. */
export function servingOptions(
  { include_seen, filter, diversity, boosts }: Serving,
): Omit<RecommendOptions, "limit"> {
  return {
    ...(include_seen && { includeSeen: true }),
    ...(filter && { filter }),
    ...(diversity && {
      diversity: {
        ...(diversity.lambda !== null && { lambda: diversity.lambda }),
        ...(diversity.cap && { cap: diversity.cap }),
      },
    }),
    ...(boosts && { boosts }),
  };
}
