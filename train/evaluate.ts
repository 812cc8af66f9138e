/**
 * How well a model finds the interactions that were held out.
 *
 * @module
 */
import type { Csr } from "../core/kernels/csr.ts";
import type { Kernels } from "../core/kernels/kernels.ts";
import type { Model } from "../core/models/model.ts";
import type { ListDiversity } from "./list_diversity.ts";
import { ListScores } from "./list_scores.ts";

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
  const scores = new ListScores(heldOut, cutoff);
  const { users, length: k } = scores;
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
    for (let row = 0; row < block.length; row++) {
      const begin = row * k;
      const end = begin + ranking.counts[row]!;
      scores.add(start + row, ranking.indices.subarray(begin, end));
    }
  }
  return { ...scores.result(histories), nanCount };
}
