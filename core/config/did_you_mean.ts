import { levenshteinDistance } from "../std/text.ts";

/** Longer words are not compared: no name here is that long, and the distance costs their product. */
const LONGEST_WORD = 64;

/**
 * The hint at the end of a message about an unknown name.
 *
 * @param word What was written.
 * @param names What could have been meant.
 * @returns `; did you mean "x"?` when a name is near enough to be a typing slip, else nothing.
 *
 * @example
 * ```ts
 * import { didYouMean } from "./did_you_mean.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(didYouMean("traning", ["source", "training"]), '; did you mean "training"?');
 * assertEquals(didYouMean("colour", ["source", "training"]), "");
 * ```
 */
export function didYouMean(word: string, names: readonly string[]): string {
  if (word.length > LONGEST_WORD) return "";
  const written = word.toLowerCase();
  let nearest = "";
  // Two edits are one pair of letters the wrong way round.
  let best = Math.min(
    Math.max(Math.floor(word.length / 3), 2) + 1,
    word.length,
  );
  for (const name of names) {
    const distance = levenshteinDistance(written, name.toLowerCase());
    if (distance < best) {
      best = distance;
      nearest = name;
    }
  }
  return nearest === "" ? "" : `; did you mean "${nearest}"?`;
}
