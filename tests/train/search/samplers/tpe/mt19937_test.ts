import { assertEquals, assertThrows } from "@std/assert";
import { Mt19937 } from "../../../../../train/search/samplers/tpe/mt19937.ts";

/** The n-th number, from 0. */
function nth(seed: number, n: number): number {
  const random = new Mt19937(seed);
  for (let skipped = 0; skipped < n; skipped++) random.float();
  return random.float();
}

Deno.test("Mt19937 gives the numbers of numpy's RandomState, over several fillings of its state", () => {
  // numpy 2.4: RandomState(seed).random_sample(n + 1)[n]
  assertEquals(nth(0, 0), 0.5488135039273248);
  assertEquals(nth(0, 1), 0.7151893663724195);
  assertEquals(nth(0, 2), 0.6027633760716439);
  assertEquals(nth(12345, 999), 0.30860519994571);
  assertEquals(nth(2 ** 32 - 1, 0), 0.0976320289940138);
  assertEquals(nth(2 ** 32 - 1, 1999), 0.17947030169391298);
});

Deno.test("Mt19937 refuses seeds that numpy refuses", () => {
  for (const seed of [-1, 2 ** 32, 0.5, NaN]) {
    assertThrows(() => new Mt19937(seed), RangeError, `${seed}`);
  }
});
