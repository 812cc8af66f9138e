/**
 * A worker that ranks users: opens the shared model, then answers one slice of users after another.
 *
 * Permissions: none beyond reading its own modules.
 *
 * @module
 */
/// <reference lib="deno.worker" />
import type { RecommendOptions } from "../core/models/recommend_options.ts";
import type { Recommender } from "../core/models/recommender.ts";
import { openShared, type SharedModel } from "./shared_model.ts";

/** What a worker starts with. */
export interface StartRanking {
  readonly model: SharedModel;
  /** What all lists look like. */
  readonly options: RecommendOptions;
}

/** What a worker is asked for once it is ready. */
export interface RankSlice {
  /** Indices of known users. */
  readonly users: Uint32Array;
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

let started: {
  readonly model: Recommender;
  readonly options: RecommendOptions;
};

function start({ model: shared, options }: StartRanking): void {
  const model = openShared(shared);
  const limit = Math.min(options.limit, model.items.size);
  started = { model, options: { ...options, limit } };
}

function rank({ users }: RankSlice): RankedSlice {
  const { model, options } = started;
  const most = options.limit;
  const counts = new Uint32Array(users.length);
  const items = new Uint32Array(users.length * most);
  const scores = new Float32Array(users.length * most);
  let end = 0;
  for (let n = 0; n < users.length; n++) {
    const ranked = model.recommend(users[n]!, options);
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

self.onmessage = ({ data }: MessageEvent<StartRanking | RankSlice>): void => {
  try {
    if ("model" in data) {
      start(data);
      return tell("ready");
    }
    const ranked = rank(data);
    const { counts, items, scores } = ranked;
    tell(ranked, [counts.buffer, items.buffer, scores.buffer]);
  } catch (error) {
    tell({ error: error instanceof Error ? error.message : String(error) });
  }
};
