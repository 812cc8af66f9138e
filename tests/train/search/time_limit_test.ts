import { assertEquals } from "@std/assert";
import { timeLimit } from "../../../train/search/time_limit.ts";

Deno.test("timeLimit() gives a signal that is aborted when the time is over", async () => {
  const limit = timeLimit(0.001)!;
  const over = Promise.withResolvers<void>();
  limit.addEventListener("abort", () => over.resolve());
  await over.promise;
  assertEquals((limit.reason as DOMException).name, "TimeoutError");
});

Deno.test("timeLimit() gives none without a limit", () => {
  assertEquals(timeLimit(null), null);
});

Deno.test("timeLimit() does not end at once what has more time than a timer can wait", async () => {
  const limit = timeLimit(10_000_000)!;
  await new Promise((resolve) => setTimeout(resolve, 5));
  assertEquals(limit.aborted, false);
});
