import {
  RELATED_REQUEST,
  type RelatedRequest,
} from "../requests/related_request.ts";
import type { ServedModel } from "../served_model.ts";
import { knownItems, listOptions } from "./list_options.ts";
import type { Outcome } from "./outcome.ts";
import type { Verb } from "./verb.ts";

/** What is most like some items. */
export const RECOMMEND_RELATED: Verb<RelatedRequest> = {
  name: "recommend-related",
  schema: RELATED_REQUEST,
  ask: recommendRelated,
};

/** Fields of requests whose answers have no more than items. */
const FIRST_FORM = new Set(["seed_items", "limit", "exclude_items"]);

function recommendRelated(
  model: ServedModel,
  request: RelatedRequest,
): Outcome {
  const options = listOptions(model, request);
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
  const more = Object.keys(request).every((field) => FIRST_FORM.has(field))
    ? ""
    : `,"counts":{"seen":${seen},"filtered":${filtered},"filled":0}`;
  return { ranked, more, validateOnly: request.validate_only ?? false };
}
