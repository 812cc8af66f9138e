import { DEFAULT_LIMIT } from "../../core/models/list_limits.ts";
import type {
  Recommended,
  RecommendOptions,
} from "../../core/models/recommend_options.ts";
import type { History } from "../../core/models/model.ts";
import type { Serving } from "../../core/recipe/recipe.ts";
import { hasOnly } from "../requests/has_only.ts";
import {
  RECOMMEND_FIRST_FORM,
  RECOMMEND_REQUEST,
  type RecommendRequest,
} from "../requests/recommend_request.ts";
import type { ServedModel } from "../served_model.ts";
import { writeExplanations } from "./_explanations.ts";
import { fillIn } from "./fill_in.ts";
import { knownItems, listOptions } from "./list_options.ts";
import type { Outcome } from "./outcome.ts";
import type { Verb } from "./verb.ts";

/** What a known user, or a visitor with some items, is most likely to want next. */
export const RECOMMEND: Verb<RecommendRequest> = {
  name: "recommend",
  form: RECOMMEND_REQUEST,
  plainly,
  ask: recommend,
};

/** Fields of requests for a list and nothing more. */
const PLAIN: ReadonlySet<string> = new Set(["user_id", "limit"]);

function plainly(
  { recommender }: ServedModel,
  request: RecommendRequest,
): { user: number; limit: number } | null {
  const { user_id, limit = DEFAULT_LIMIT } = request;
  if (user_id === undefined || !hasOnly(request, PLAIN)) return null;
  const user = recommender.users.indexOf(user_id);
  return user < 0 ? null : { user, limit };
}

const SAID_BY_RECIPE = [
  "limit",
  "fallback",
  "include_seen",
  "filter",
  "diversity",
  "boosts",
] as const;

function recommend(
  model: ServedModel,
  asked: RecommendRequest,
  serving: Serving | null,
): Outcome {
  const request = fillIn(asked, serving, SAID_BY_RECIPE);
  const options = listOptions(model, request, asked);
  if ("refused" in options) return options;
  if (request.include_seen) {
    return answer(model, request, { ...options, includeSeen: true });
  }
  return answer(model, request, options);
}

function answer(
  model: ServedModel,
  request: RecommendRequest,
  options: RecommendOptions,
): Outcome {
  const { recommender } = model;
  const { validate_only: validateOnly = false } = request;
  const user = request.user_id === undefined
    ? -1
    : recommender.users.indexOf(request.user_id);
  if (user >= 0) {
    const ranked = recommender.recommend(user, options);
    if (hasOnly(request, RECOMMEND_FIRST_FORM)) {
      return { ranked, more: "", validateOnly };
    }
    const history = request.explain ? recommender.history(user) : null;
    return { ranked, more: tell(model, ranked, history), validateOnly };
  }
  const history = request.items ? historyOf(model, request.items) : null;
  if (history && history.items.length > 0) {
    const ranked = recommender.recommendFor(history, options);
    const explained = request.explain ? history : null;
    return { ranked, more: tell(model, ranked, explained), validateOnly };
  }
  if (request.fallback === "popular") {
    const ranked = recommender.popular(options);
    const more = `,"fallback":"popular"${counts(ranked, ranked.items.length)}`;
    return { ranked, more, validateOnly };
  }
  return request.items
    ? {
      refused: "unknown_seed_items",
      detail: "The model knows none of these items",
    }
    : { refused: "unknown_user", detail: "The model does not know this user" };
}

/** What a visitor has, each item once. */
function historyOf(model: ServedModel, ids: readonly string[]): History {
  const items = Uint32Array.from(new Set(knownItems(model, ids))).sort();
  return { items, weights: new Float32Array(items.length).fill(1) };
}

function tell(
  model: ServedModel,
  ranked: Recommended,
  explained: History | null,
): string {
  const explanations = explained
    ? writeExplanations(model, explained, ranked.items)
    : "";
  return counts(ranked, 0) + explanations;
}

function counts({ seen, filtered }: Recommended, filled: number): string {
  return `,"counts":{"seen":${seen},"filtered":${filtered},"filled":${filled}}`;
}
