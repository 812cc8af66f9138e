/**
 * A worker that ranks users: opens the shared model, then answers one slice of users after another.
 *
 * Permissions: none beyond reading its own modules.
 *
 * @module
 */
/// <reference lib="deno.worker" />
import type { Recommender } from "../core/models/recommender.ts";
import { openShared, type SharedModel } from "./shared_model.ts";

/** What a worker is asked for once it is ready. */
export interface RankSlice {
  /** Indices of known users. */
  readonly users: Uint32Array;
  readonly limit: number;
  readonly includeSeen: boolean;
}

/** The lists of a slice of users, one after another. */
export interface RankedSlice {
  /** Items of each user. */
  readonly counts: Uint32Array<ArrayBuffer>;
  readonly items: Uint32Array<ArrayBuffer>;
  readonly scores: Float32Array<ArrayBuffer>;
}

/** What a worker tells. */
export type RankMessage = "ready" | RankedSlice | { readonly error: string };

let recommender: Recommender | null = null;

function rank(
  model: Recommender,
  { users, limit, includeSeen }: RankSlice,
): RankedSlice {
  const counts = new Uint32Array(users.length);
  const most = Math.min(limit, model.items.size);
  const items = new Uint32Array(users.length * most);
  const scores = new Float32Array(users.length * most);
  let end = 0;
  for (let n = 0; n < users.length; n++) {
    const ranked = model.recommend(users[n]!, { limit: most, includeSeen });
    items.set(ranked.items, end);
    scores.set(ranked.scores, end);
    counts[n] = ranked.items.length;
    end += ranked.items.length;
  }
  return { counts, items, scores };
}

function tell(message: RankMessage, transfer: Transferable[] = []): void {
  self.postMessage(message, transfer);
}

self.onmessage = ({ data }: MessageEvent<SharedModel | RankSlice>): void => {
  try {
    if ("places" in data) {
      recommender = openShared(data);
      return tell("ready");
    }
    const ranked = rank(recommender!, data);
    const { counts, items, scores } = ranked;
    tell(ranked, [counts.buffer, items.buffer, scores.buffer]);
  } catch (error) {
    tell({ error: error instanceof Error ? error.message : String(error) });
  }
};
