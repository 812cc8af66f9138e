import type { Random } from "../../../core/kernels/random.ts";
import { CUSTOMER } from "./names.ts";
import type { Question } from "./question.ts";
import {
  FILLER,
  type Item,
  itemOf,
  single,
  SINGLES,
  type Version,
} from "./version.ts";

/** Items with what version 1 gives them; later versions give as many times that as their number says. */
export type Ranking = readonly (readonly [item: Item, score: number])[];

const ITEMS = 5 + FILLER;
const ANN = `${CUSTOMER}ann`;

/** What the first two are for a user of one item, by the item's place. */
const BY_ITEM: readonly Ranking[] = [
  [["cheese", 2], ["bread", 1]],
  [["cheese", 3], ["dates", 1]],
  [["eggs", 4], ["apple", 1]],
  [["apple", 0], ["bread", 0]],
  [["apple", 0], ["bread", 0]],
];

/** A user of one item, and the first two for that user. */
export function anySingle(
  random: Random,
): { readonly user: string; readonly ranking: Ranking } {
  const at = random.int(SINGLES);
  return { user: single(at), ranking: BY_ITEM[at % BY_ITEM.length]! };
}

/** Items as a version answers them. */
export function itemsOf(version: Version, ranking: Ranking): unknown[] {
  return ranking.map(([item, score]) =>
    itemOf(version, item, score * version.n)
  );
}

/** The member `counts` of an answer. */
export function counts(seen: number, filtered: number, filled = 0): unknown {
  return { seen, filtered, filled };
}

/** A question to a verb of the shop. */
export function ask(
  verb: string,
  body: unknown,
  rest: Partial<Question> = {},
): Question {
  return {
    method: "POST",
    path: `/v1/recipes/shop:${verb}`,
    body: JSON.stringify(body),
    status: 200,
    route: "/v1/recipes/:call",
    counted: { verb: { recipe: "shop", verb, status: "ok" } },
    ...rest,
  };
}

function list(
  verb: string,
  body: unknown,
  ranking: Ranking,
  more: (version: Version) => object = () => ({}),
): Question {
  return ask(verb, body, {
    answer: (versionOf) => {
      const version = versionOf("shop");
      return {
        recipe: "shop",
        model_version: version.id,
        items: itemsOf(version, ranking),
        ...more(version),
      };
    },
  });
}

/** What comes beside the items of a list for ann, who has two. */
function forAnn(filtered: number): () => object {
  return () => ({ counts: counts(2, filtered) });
}

/** Lists for the user ann, in all ways that a request can ask for them. */
const FOR_ANN: readonly Question[] = [
  list(
    "recommend",
    { user_id: ANN, limit: 1, exclude_items: ["cheese"] },
    [["dates", 1]],
  ),
  list(
    "recommend",
    { user_id: ANN, limit: 1, explain: true },
    [["cheese", 5]],
    ({ n }) => ({
      counts: counts(2, 0),
      explanations: [{
        item_id: "cheese",
        because: [
          { item_id: "bread", influence: 3 * n },
          { item_id: "apple", influence: 2 * n },
        ],
      }],
    }),
  ),
  list(
    "recommend",
    {
      user_id: ANN,
      filter: {
        and: [{ field: "price", gte: 4 }, { field: "kind", exists: true }],
      },
    },
    [["dates", 1]],
    forAnn(ITEMS - 3),
  ),
  list(
    "recommend",
    { user_id: ANN, limit: 2, diversity: { lambda: 0.1 } },
    // Who has cheese often has dates.
    [["cheese", 5], ["eggs", 0]],
    forAnn(0),
  ),
  list(
    "recommend",
    {
      user_id: ANN,
      limit: 2,
      boosts: [{ filter: { field: "kind", eq: "fruit" }, factor: 8 }],
    },
    [["dates", 8], ["cheese", 5]],
    forAnn(0),
  ),
  list(
    "recommend",
    {
      user_id: ANN,
      limit: 2,
      pins: [{ item_id: "eggs", position: 0 }],
    },
    [["eggs", 0], ["cheese", 5]],
    forAnn(0),
  ),
  list(
    "recommend",
    { user_id: ANN, candidates: ["apple", "cheese", "eggs", "none"] },
    [["cheese", 5], ["eggs", 0]],
    forAnn(ITEMS - 4),
  ),
  list(
    "recommend",
    { user_id: ANN, limit: 1, offset: 1 },
    [["dates", 1]],
    forAnn(0),
  ),
  list(
    "recommend",
    { user_id: ANN, limit: 2, include_seen: true },
    [["cheese", 5], ["bread", 1]],
    () => ({ counts: counts(0, 0) }),
  ),
  ask("recommend", { user_id: ANN, validate_only: true }, {
    answer: (versionOf) => ({
      recipe: "shop",
      model_version: versionOf("shop").id,
      valid: true,
    }),
  }),
];

/** Lists for others: visitors, strangers, and what is like an item. */
const FOR_OTHERS: readonly Question[] = [
  list(
    "recommend",
    { items: ["apple", "none"], limit: 2 },
    BY_ITEM[0]!,
    () => ({ counts: counts(1, 0) }),
  ),
  list(
    "recommend",
    {
      items: ["bread"],
      limit: 3,
      diversity: { cap: { field: "kind", most: 1 } },
    },
    // Of what comes next, apple is a fruit like dates.
    [["cheese", 3], ["dates", 1], ["eggs", 0]],
    () => ({ counts: counts(1, 0) }),
  ),
  ask("recommend", {
    user_id: `${CUSTOMER}stranger`,
    limit: 2,
    fallback: "popular",
  }, {
    answer: (versionOf) => {
      const version = versionOf("shop");
      return {
        recipe: "shop",
        model_version: version.id,
        // How many have them, which is the same in all versions.
        items: [itemOf(version, "cheese", 161), itemOf(version, "dates", 160)],
        fallback: "popular",
        counts: counts(0, 0, 2),
      };
    },
  }),
  list("recommend-related", { seed_items: ["bread"], limit: 2 }, BY_ITEM[1]!),
  list(
    "recommend-related",
    {
      seed_items: ["bread", "none"],
      filter: { field: "kind", in: ["dairy", "bakery"] },
    },
    [["cheese", 3]],
    () => ({ counts: counts(1, ITEMS - 2) }),
  ),
];

/** A prediction for a user of one item. */
export function askPrediction(
  random: Random,
  rest: Partial<Question> = {},
): Question {
  const { user, ranking } = anySingle(random);
  return {
    method: "POST",
    path: "/predict/shop",
    body: JSON.stringify({ user_id: user, cutoff: 2 }),
    status: 200,
    route: "/predict/:name",
    counted: { predict: { recipe: "shop", status: "ok" } },
    answer: (versionOf) => {
      const version = versionOf("shop");
      return {
        items: itemsOf(version, ranking),
        model: {
          recipe: "shop",
          trained_at: version.trainedAt,
          best_class: "CosineKNNRecommender",
          kid: "test",
        },
      };
    },
    ...rest,
  };
}

/** Asks for one list, in any way. */
export function askList(random: Random): Question {
  const lists = [...FOR_ANN, ...FOR_OTHERS];
  const at = random.int(lists.length + 2);
  if (at < lists.length) return lists[at]!;
  const { user, ranking } = anySingle(random);
  return list("recommend", { user_id: user, limit: 2 }, ranking);
}
