/**
 * How well a model finds the interactions that were held out.
 *
 * @module
 */
import type { Csr } from "../core/kernels/csr.ts";
import type { Kernels } from "../core/kernels/kernels.ts";
import type { Model } from "../core/models/model.ts";

/** How to score. */
export interface EvaluateOptions {
  /** What ranks. */
  readonly kernels: Kernels;
  /** Length of the lists; clamped to the number of items. */
  readonly cutoff: number;
  /** Stops it. */
  readonly signal: AbortSignal;
}

/** Means over the users who have something held out. */
export interface Evaluation {
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
  /** Share of the items that are in some list. */
  readonly coverage: number;
  /** Scores that were NaN and therefore left out. */
  readonly nanCount: number;
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
): Promise<Evaluation> {
  const k = Math.min(cutoff, heldOut.cols);
  const users = Uint32Array.from({ length: heldOut.rows }, (_, user) => user)
    .filter((user) => heldOut.indptr[user + 1]! > heldOut.indptr[user]!);
  const sums = { ndcg: 0, map: 0, recall: 0, hit: 0 };
  const relevant = new Uint8Array(heldOut.cols);
  const listed = new Uint8Array(heldOut.cols);
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
      addUser(list, own.length);
      for (const item of own) relevant[item] = 0;
    }
  }
  const count = Math.max(users.length, 1);
  return {
    ndcg: sums.ndcg / count,
    map: sums.map / count,
    recall: sums.recall / count,
    hit: sums.hit / count,
    users: users.length,
    coverage: listed.reduce((sum, each) => sum + each, 0) / heldOut.cols,
    nanCount,
  };

  function addUser(list: Uint32Array, held: number): void {
    let hits = 0;
    let gain = 0;
    let precision = 0;
    for (const [n, item] of list.entries()) {
      listed[item] = 1;
      if (relevant[item] === 0) continue;
      hits++;
      gain += discounts[n]!;
      precision += hits / (n + 1);
    }
    if (hits === 0) return;
    let ideal = 0;
    for (let n = 0; n < Math.min(held, list.length); n++) {
      ideal += discounts[n]!;
    }
    sums.ndcg += gain / ideal;
    sums.map += precision / held;
    sums.recall += hits / held;
    sums.hit += 1;
  }
}
