/** One algorithm that recipes may name. */
export interface AlgorithmName {
  /** As it stands in artifacts and events. */
  readonly name: string;
  /** Other spellings. */
  readonly aliases: readonly string[];
}

/**
 * The algorithms, in the order that messages list them. Kept apart from the algorithms, so that reading a recipe
 * loads no training code.
 */
export const ALGORITHM_NAMES: readonly AlgorithmName[] = [
  { name: "TopPop", aliases: [] },
  { name: "CosineKNN", aliases: ["CosinekNN"] },
  { name: "AsymmetricCosineKNN", aliases: [] },
  { name: "JaccardKNN", aliases: [] },
  { name: "TverskyIndexKNN", aliases: [] },
  { name: "CosineUserKNN", aliases: [] },
  { name: "AsymmetricCosineUserKNN", aliases: [] },
  { name: "P3alpha", aliases: [] },
  { name: "RP3beta", aliases: [] },
  { name: "SLIM", aliases: [] },
  { name: "DenseSLIM", aliases: ["EASE"] },
  { name: "EDLAE", aliases: [] },
  { name: "SparseEASE", aliases: [] },
  { name: "TruncatedSVD", aliases: ["PureSVD"] },
  { name: "GFCF", aliases: ["GF-CF"] },
  { name: "TurboCF", aliases: ["Turbo-CF"] },
  { name: "BSPM", aliases: [] },
  { name: "IALS", aliases: [] },
  { name: "BPRFM", aliases: [] },
  { name: "NMF", aliases: [] },
];

const BY_SPELLING: ReadonlyMap<string, string> = new Map(
  ALGORITHM_NAMES.flatMap(({ name, aliases }) =>
    [name, ...aliases].map((spelling) => [spelling.toLowerCase(), name])
  ),
);

/**
 * The name of the algorithm that a recipe means, or null when there is none: case is ignored, and so is the ending
 * `Recommender`.
 *
 * @example
 * ```ts
 * import { canonicalAlgorithm } from "./algorithm_names.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(canonicalAlgorithm("ialsRecommender"), "IALS");
 * assertEquals(canonicalAlgorithm("P4alpha"), null);
 * ```
 */
export function canonicalAlgorithm(spelling: string): string | null {
  const lower = spelling.toLowerCase();
  return BY_SPELLING.get(lower) ??
    BY_SPELLING.get(lower.replace(/recommender$/, "")) ?? null;
}
