import { RecotemError } from "../core/errors.ts";
import { DEFAULT_LIMIT, MAX_COSTLY_LIMIT } from "../core/models/list_limits.ts";
import type { RecommendOptions } from "../core/models/recommend_options.ts";
import type { Serving } from "../core/recipe/recipe.ts";
import { servingOptions } from "../core/recipe/serving_options.ts";
import type { Settings } from "./settings.ts";

/** The lists that users get. */
export interface WantedLists {
  readonly options: RecommendOptions;
  /** Whether users whom the model does not know get what is most popular. */
  readonly popular: boolean;
}

/**
 * What flags say of the lists, then a recipe, then what goes without saying.
 *
 * @throws {RecotemError} `usage_error` for lists that a server would not make either, for their cost.
 */
export function wantedLists(
  { limit: asked, includeSeen, fallback }: Pick<
    Settings,
    "limit" | "includeSeen" | "fallback"
  >,
  serving: Serving | null,
): WantedLists {
  const said = serving ? servingOptions(serving) : {};
  const limit = asked ?? serving?.limit ?? DEFAULT_LIMIT;
  if (said.diversity?.lambda !== undefined && limit > MAX_COSTLY_LIMIT) {
    throw new RecotemError(
      "usage_error",
      `Flag --limit must be at most ${MAX_COSTLY_LIMIT} beside the recipe's serving.diversity.lambda`,
    );
  }
  return {
    options: {
      ...said,
      limit,
      includeSeen: includeSeen ?? said.includeSeen ?? false,
    },
    popular: (fallback ?? serving?.fallback) === "popular",
  };
}
