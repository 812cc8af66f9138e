import { setImmediate } from "node:timers";
import { promisify } from "node:util";
import type { ServedModel } from "../served_model.ts";

const letOthersIn = promisify(setImmediate);
/** Titles that are read before other requests have their turn: about 5 ms. */
const TITLES_AT_ONCE = 10_000;

/** Which items to find. */
export interface ItemSearch {
  /** What their ids start with, or their titles hold in any case; empty for the most popular. */
  readonly search: string;
  /** The field that holds titles; null when there is none. */
  readonly titles: string | null;
  /** Most items. */
  readonly limit: number;
}

/** Items by id, then by title, each in the order of the ids. Linear in the items. It waits: the caller holds the model. */
export async function findItems(
  model: ServedModel,
  { search, titles, limit }: ItemSearch,
): Promise<number[]> {
  const { recommender, fields } = model;
  if (search === "") return [...recommender.popular({ limit }).items];
  const { begin, end } = recommender.items.startingWith(search);
  const found = Array.from(
    { length: Math.min(limit, end - begin) },
    (_, n) => begin + n,
  );
  if (titles === null || fields === null) return found;
  const wanted = search.toLowerCase();
  for (let item = 0; item < recommender.items.size; item++) {
    if (found.length >= limit) break;
    if (item % TITLES_AT_ONCE === TITLES_AT_ONCE - 1) await letOthersIn();
    const title = fields.row(item)[titles];
    const matches = typeof title === "string" &&
      title.toLowerCase().includes(wanted);
    if (matches && !(item >= begin && item < end)) found.push(item);
  }
  return found;
}
