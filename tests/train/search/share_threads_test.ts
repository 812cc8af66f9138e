import { assertEquals } from "@std/assert";
import { shareThreads } from "../../../train/search/share_threads.ts";

Deno.test("shareThreads() gives away every core, and each worker one at least", () => {
  assertEquals(shareThreads(8, 1), [8]);
  assertEquals(shareThreads(8, 3), [3, 3, 2]);
  assertEquals(shareThreads(8, 8), [1, 1, 1, 1, 1, 1, 1, 1]);
  assertEquals(shareThreads(2, 3), [1, 1, 1]);
});
