import type { Csr } from "../core/kernels/csr.ts";

/** What many recommendation lists make of a catalogue, whether or not they hit. */
export interface ListDiversity {
  /** Share of the items that are in some list: `#{i: c_i > 0} / items`, `c_i` being the lists that hold item `i`. */
  readonly coverage: number;
  /**
   * Mean self-information of a listed item, in bits: `Σ_i c_i · log2(u / k_i) / Σ_i c_i`, where `u` users have anything
   * and `k_i` of them item `i` in what the model was fitted on. The more popular what is listed, the lower; an item that
   * nobody has counts as one that a single user has. Zhou and others, Solving the apparent diversity-accuracy dilemma of
   * recommender systems, PNAS 2010.
   */
  readonly novelty: number;
  /**
   * How unequally the items are listed: `Σ_r (2r - n + 1) · c_(r) / (n · Σ c)`, the `n` counts ascending, `r` from 0. 0:
   * all equally often; close to 1: the same few for everyone. Gini coefficient, after Adomavicius, Kwon, Improving
   * aggregate recommendation diversity using ranking-based techniques, TKDE 2012.
   */
  readonly gini: number;
}

/**
 * Measures what is in the lists; all zeros when there is nothing in them. O(non-zeros of `histories` + n log n).
 *
 * @param listed How many lists hold each item.
 * @param histories What the model was fitted on, users × items.
 */
export function listDiversity(
  listed: Uint32Array,
  histories: Csr,
): ListDiversity {
  const items = listed.length;
  const total = listed.reduce((sum, count) => sum + count, 0);
  if (total === 0) return { coverage: 0, novelty: 0, gini: 0 };
  const owners = new Uint32Array(items);
  for (const item of histories.indices) owners[item]!++;
  const users = countUsers(histories);
  let present = 0;
  let information = 0;
  for (let item = 0; item < items; item++) {
    const count = listed[item]!;
    if (count === 0) continue;
    present++;
    // At least one user, also where nobody has anything.
    information += count *
      Math.log2(Math.max(users, 1) / Math.max(owners[item]!, 1));
  }
  let inequality = 0;
  for (const [rank, count] of listed.toSorted().entries()) {
    inequality += (2 * rank - items + 1) * count;
  }
  return {
    coverage: present / items,
    novelty: information / total,
    gini: inequality / (items * total),
  };
}

/** Users who have anything. */
function countUsers({ rows, indptr }: Csr): number {
  let count = 0;
  for (let user = 0; user < rows; user++) {
    if (indptr[user + 1]! > indptr[user]!) count++;
  }
  return count;
}
