import type { Recommender } from "../../core/models/recommender.ts";
import type { Interactions } from "../data/interactions.ts";
import { shorten } from "./shorten.ts";
import { titleField } from "../../core/models/title_field.ts";
import type { ReportedItem, ReportedSample } from "./report.ts";

/** Users by the share of all users who are no more active. */
const ACTIVITY = [0.1, 0.3, 0.5, 0.7, 0.9];
const MOST_HAS = 6;
const RECOMMENDED = 6;
/** Characters of a title or id. */
const MOST_TEXT = 120;

/** A few users of different activity, with what they have and what the model recommends. */
export function sampleFacts(
  recommender: Recommender,
  { matrix, times }: Pick<Interactions, "matrix" | "times">,
  popularity: Uint32Array,
): ReportedSample[] {
  const { users, items, table } = recommender;
  const field = table && titleField(table, items.size);

  function itemFacts(item: number): ReportedItem {
    const title = field === null ? null : table!.row(item)[field] ?? null;
    return {
      item_id: shorten(items.id(item), MOST_TEXT),
      title: typeof title === "string" ? shorten(title, MOST_TEXT) : title,
      users: popularity[item]!,
    };
  }

  return usersByActivity(matrix.indptr).map((user) => {
    const begin = matrix.indptr[user]!;
    const count = matrix.indptr[user + 1]! - begin;
    const own = Array.from({ length: count }, (_, n) => begin + n);
    if (times !== null) own.sort((a, b) => times[b]! - times[a]! || a - b);
    const best = recommender.recommend(user, { limit: RECOMMENDED });
    return {
      user_id: shorten(users.id(user), MOST_TEXT),
      items: count,
      has: own.slice(0, MOST_HAS)
        .map((position) => itemFacts(matrix.indices[position]!)),
      recommended: Array.from(best.items, (item, n) => ({
        ...itemFacts(item),
        score: best.scores[n]!,
      })),
    };
  });
}

function usersByActivity(indptr: Uint32Array): number[] {
  const count = (user: number) => indptr[user + 1]! - indptr[user]!;
  const order = Uint32Array.from({ length: indptr.length - 1 }, (_, n) => n)
    .sort((a, b) => count(a) - count(b) || a - b);
  return [
    ...new Set(
      ACTIVITY.map((share) => order[Math.floor(share * order.length)]!),
    ),
  ];
}
