import type {
  Diversity,
  RecommendOptions,
} from "../core/models/recommend_options.ts";
import type { Serving } from "../core/recipe/recipe.ts";

/** One way of making lists. */
export interface ServingVariant {
  /** `plain`, a key of `serving`, or `all`. */
  readonly name: string;
  readonly options: Omit<RecommendOptions, "limit">;
  /** Whether users of whom nothing is known get what is popular. */
  readonly popularForNew: boolean;
}

/** Plain lists, those with each default of a recipe alone, and those with all, where there are several. */
export function servingVariants(serving: Serving): ServingVariant[] {
  const single = parts(serving).filter(({ name, popularForNew, options }) =>
    name === "fallback" ? popularForNew : Object.keys(options).length > 0
  );
  const all: ServingVariant = {
    name: "all",
    options: Object.assign({}, ...single.map(({ options }) => options)),
    popularForNew: single.some(({ popularForNew }) => popularForNew),
  };
  return [
    { name: "plain", options: {}, popularForNew: false },
    ...single,
    ...(single.length > 1 ? [all] : []),
  ];
}

function parts(
  { fallback, include_seen, filter, diversity, boosts }: Serving,
): ServingVariant[] {
  return [
    { name: "fallback", options: {}, popularForNew: fallback === "popular" },
    part("include_seen", include_seen === true && { includeSeen: true }),
    part("filter", filter && { filter }),
    part("diversity", diversity && { diversity: diversityOf(diversity) }),
    part("boosts", boosts && { boosts }),
  ];
}

function part(
  name: string,
  options: ServingVariant["options"] | null | false,
): ServingVariant {
  return { name, options: options || {}, popularForNew: false };
}

function diversityOf(
  { lambda, cap }: NonNullable<Serving["diversity"]>,
): Diversity {
  return { ...(lambda !== null && { lambda }), ...(cap && { cap }) };
}
