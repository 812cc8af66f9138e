import { levenshteinDistance as distance } from "@std/text/levenshtein-distance";

/** Number of single-character edits between two texts. */
export const levenshteinDistance: (a: string, b: string) => number = distance;
