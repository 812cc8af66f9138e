/**
 * How well a model finds the interactions that were held out.
 *
 * @module
 */
import type { Csr } from "../core/kernels/csr.ts";
import type { Kernels } from "../core/kernels/kernels.ts";
import type { Model } from "../core/models/model.ts";
import { type ListDiversity, listDiversity } from "./list_diversity.ts";

/** How to score. */
export interface EvaluateOptions {
  /** What ranks. */
  readonly kernels: Kernels;
  /** Length of the lists; clamped to the number of items. */
  readonly cutoff: number;
  /** Stops it. */
  readonly signal: AbortSignal;
}

/** Means over the users who have something held out, and what is in their lists. */
export interface Evaluation extends ListDiversity {
  /** Discounted gain, beside that of the best possible list. */
  readonly ndcg: number;
  /** Precision at each hit, summed, by the number of held-out items. */
  readonly map: number;
  /** Share of the held-out items found. */
  readonly recall: number;
  /** Share of users with at least one hit. */
  readonly hit: number;
  /** Number of users scored. */
  readonly users: number;
  /** Scores that were NaN and therefore left out. */
  readonly nanCount: number;
}

/** An evaluation, and what its means were taken of. */
export interface EvaluationByUser extends Evaluation {
  /** For each metric one score per user who was scored, in the order of the users. */
  readonly userScores: Readonly<
    Record<"ndcg" | "map" | "recall" | "hit", Float64Array>
  >;
}

/** Users ranked at once: bounds memory, does not change the result. */
const BLOCK = 4096;

/**
 * Ranks all items for every user with held-out interactions, those of `histories` left out, and compares.
 *
 * @param histories What the model was fitted on, users × items.
 * @param heldOut What it should find, users × items.
 */
export async function evaluate(
  model: Model,
  histories: Csr,
  heldOut: Csr,
  { kernels, cutoff, signal }: EvaluateOptions,
): Promise<EvaluationByUser> {
  const k = Math.min(cutoff, heldOut.cols);
  const users = Uint32Array.from({ length: heldOut.rows }, (_, user) => user)
    .filter((user) => heldOut.indptr[user + 1]! > heldOut.indptr[user]!);
  const scores = {
    ndcg: new Float64Array(users.length),
    map: new Float64Array(users.length),
    recall: new Float64Array(users.length),
    hit: new Float64Array(users.length),
  };
  const relevant = new Uint8Array(heldOut.cols);
  const listed = new Uint32Array(heldOut.cols);
  const discounts = Float64Array.from(
    { length: k },
    (_, n) => 1 / Math.log2(n + 2),
  );
  let nanCount = 0;
  for (let start = 0; start < users.length; start += BLOCK) {
    const block = users.subarray(start, start + BLOCK);
    const ranking = await model.rankUsers(
      kernels,
      histories,
      { users: block, seen: histories, k },
      signal,
    );
    nanCount += ranking.nanCount;
    for (const [row, user] of block.entries()) {
      const own = heldOut.indices.subarray(
        heldOut.indptr[user]!,
        heldOut.indptr[user + 1]!,
      );
      for (const item of own) relevant[item] = 1;
      const list = ranking.indices.subarray(
        row * k,
        row * k + ranking.counts[row]!,
      );
      scoreUser(start + row, list, own.length);
      for (const item of own) relevant[item] = 0;
    }
  }
  return {
    ndcg: mean(scores.ndcg),
    map: mean(scores.map),
    recall: mean(scores.recall),
    hit: mean(scores.hit),
    users: users.length,
    ...listDiversity(listed, histories),
    nanCount,
    userScores: scores,
  };

  function scoreUser(n: number, list: Uint32Array, held: number): void {
    let hits = 0;
    let gain = 0;
    let precision = 0;
    for (const [place, item] of list.entries()) {
      listed[item]!++;
      if (relevant[item] === 0) continue;
      hits++;
      gain += discounts[place]!;
      precision += hits / (place + 1);
    }
    if (hits === 0) return;
    let ideal = 0;
    for (let place = 0; place < Math.min(held, list.length); place++) {
      ideal += discounts[place]!;
    }
    scores.ndcg[n] = gain / ideal;
    scores.map[n] = precision / held;
    scores.recall[n] = hits / held;
    scores.hit[n] = 1;
  }
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) /
    Math.max(values.length, 1);
}
