import { assertEquals } from "@std/assert";
import { SILENT } from "../../core/config/events.ts";
import { createRandom } from "../../core/kernels/create_random.ts";
import { scorePopularity } from "../../train/score_popularity.ts";
import { fromDense } from "../core/kernels/matrices.ts";
import { training } from "./fixture.ts";

Deno.test("scorePopularity() scores the list of the most popular items, what the user has left out", async () => {
  const split = {
    fit: fromDense([[1, 1, null, null], [1, 1, 1, null], [null, 1, null, 1]]),
    heldOut: fromDense([[null, null, 1, null], [null, null, null, null], [
      1,
      null,
      null,
      null,
    ]]),
  };
  // Items 1 and 0 are the most popular. User 0 is given 2, a hit, and 3; user 2 is given 0, a hit, and 2.
  const found = await scorePopularity(
    split,
    training({ metric: "map", cutoff: 2 }),
    {
      events: SILENT,
      signal: new AbortController().signal,
      random: createRandom(1),
    },
  );
  assertEquals([found.map, found.users, found.interval], [1, 2, [1, 1]]);
});
