import type { RankArgs, Ranking } from "../kernels.ts";
import { Breather } from "./breather.ts";
import { TopK } from "./top_k.ts";

/**
 * Ranks users whose scores `score(user, out)` fills in; it returns the multiply-adds it spent. Columns in the user's
 * row of `seen` and scores of -Infinity are left out, NaN is left out and counted.
 */
export async function rank(
  args: RankArgs,
  score: (user: number, out: Float64Array) => number,
  signal?: AbortSignal,
): Promise<Ranking> {
  const { users, seen, k } = args;
  const breather = new Breather(signal);
  const scores = new Float64Array(seen.cols);
  const counts = new Uint32Array(users.length);
  const indices = new Uint32Array(users.length * k);
  const values = new Float32Array(users.length * k);
  let nanCount = 0;
  for (let u = 0; u < users.length; u++) {
    const user = users[u]!;
    const work = score(user, scores);
    for (let p = seen.indptr[user]!; p < seen.indptr[user + 1]!; p++) {
      scores[seen.indices[p]!] = -Infinity;
    }
    const best = new TopK(k);
    for (let column = 0; column < scores.length; column++) {
      const value = Math.fround(scores[column]!);
      if (Number.isNaN(value)) nanCount++;
      else if (value !== -Infinity) best.offer(column, value);
    }
    counts[u] = best.size;
    while (best.size > 0) {
      const at = u * k + best.size - 1;
      const worst = best.takeWorst();
      indices[at] = worst.column;
      values[at] = worst.score;
    }
    if (breather.spend(work + seen.cols)) await breather.pause();
  }
  return { k, indices, scores: values, counts, nanCount };
}
