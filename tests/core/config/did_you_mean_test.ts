import { assertEquals } from "@std/assert";
import { didYouMean } from "../../../core/config/did_you_mean.ts";

const NAMES = ["source", "schema", "training", "output", "IALS"];

/** Word → the name that was meant, if any. */
const WORDS: readonly [string, string | null][] = [
  ["traning", "training"],
  ["trainnig", "training"],
  ["Source", "source"],
  ["outptu", "output"],
  ["ials", "IALS"],
  ["iasl", "IALS"],
  ["colour", null],
  ["x", null],
  ["", null],
  ["training".repeat(20), null],
];

for (const [word, meant] of WORDS) {
  Deno.test(`didYouMean() answers ${meant} to ${JSON.stringify(word.slice(0, 20))}`, () => {
    assertEquals(
      didYouMean(word, NAMES),
      meant === null ? "" : `; did you mean "${meant}"?`,
    );
  });
}
