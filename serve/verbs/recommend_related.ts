import type { Serving } from "../../core/recipe/recipe.ts";
import { hasOnly } from "../requests/has_only.ts";
import {
  RELATED_FIRST_FORM,
  RELATED_REQUEST,
  type RelatedRequest,
} from "../requests/related_request.ts";
import type { ServedModel } from "../served_model.ts";
import { fillIn } from "./fill_in.ts";
import { knownItems, listOptions } from "./list_options.ts";
import type { Outcome } from "./outcome.ts";
import type { Verb } from "./verb.ts";

/** What is most like some items. */
export const RECOMMEND_RELATED: Verb<RelatedRequest> = {
  name: "recommend-related",
  form: RELATED_REQUEST,
  ask: recommendRelated,
};

const SAID_BY_RECIPE = ["limit", "filter", "diversity", "boosts"] as const;

function recommendRelated(
  model: ServedModel,
  asked: RelatedRequest,
  serving: Serving | null,
): Outcome {
  const request = fillIn(asked, serving, SAID_BY_RECIPE);
  const options = listOptions(model, request, asked);
  if ("refused" in options) return options;
  const seeds = Uint32Array.from(
    new Set(knownItems(model, request.seed_items)),
  );
  if (seeds.length === 0) {
    return {
      refused: "unknown_seed_items",
      detail: "The model knows none of the seed items",
    };
  }
  const ranked = model.recommender.related(seeds, options);
  if (ranked.items.length === 0) {
    return {
      refused: "no_candidates",
      detail: "No items are left to recommend",
    };
  }
  const { seen, filtered } = ranked;
  const more = hasOnly(request, RELATED_FIRST_FORM)
    ? ""
    : `,"counts":{"seen":${seen},"filtered":${filtered},"filled":0}`;
  return { ranked, more, validateOnly: request.validate_only ?? false };
}
