import type { RecommendOptions } from "../core/models/recommend_options.ts";
import type { Serving } from "../core/recipe/recipe.ts";
import { servingOptions } from "../core/recipe/serving_options.ts";

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

function parts(serving: Serving): ServingVariant[] {
  const options = servingOptions(serving);
  function part(
    name: string,
    key: keyof ServingVariant["options"],
  ): ServingVariant {
    return {
      name,
      options: options[key] === undefined ? {} : { [key]: options[key] },
      popularForNew: false,
    };
  }
  return [
    {
      name: "fallback",
      options: {},
      popularForNew: serving.fallback === "popular",
    },
    part("include_seen", "includeSeen"),
    part("filter", "filter"),
    part("diversity", "diversity"),
    part("boosts", "boosts"),
  ];
}
