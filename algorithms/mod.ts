/**
 * The algorithms that a recipe may name.
 *
 * @module
 */
import type { Algorithm } from "./algorithm.ts";
import { cosineKnn } from "./cosine_knn.ts";
import { ials } from "./ials.ts";
import { rp3beta } from "./rp3beta.ts";
import { topPop } from "./top_pop.ts";

/** All algorithms. */
export const ALGORITHMS: readonly Algorithm[] = [
  cosineKnn,
  ials,
  rp3beta,
  topPop,
];

/**
 * The algorithm of a canonical name.
 *
 * @throws {RangeError} When there is none.
 */
export function algorithmByName(name: string): Algorithm {
  const found = ALGORITHMS.find((algorithm) => algorithm.name === name);
  if (found) return found;
  throw new RangeError(`There is no algorithm ${name}`);
}
