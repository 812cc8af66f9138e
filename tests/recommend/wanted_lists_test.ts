import { assertEquals, assertThrows } from "@std/assert";
import { RecotemError } from "../../core/errors.ts";
import type { Serving } from "../../core/recipe/recipe.ts";
import { wantedLists } from "../../recommend/wanted_lists.ts";

const UNSAID = { limit: null, includeSeen: null, fallback: null } as const;
const FILTER = { field: "title", eq: "Emma" };
const SERVING: Serving = {
  limit: 20,
  fallback: "popular",
  include_seen: true,
  filter: FILTER,
  diversity: { lambda: 0.5, cap: null },
  boosts: [{ filter: FILTER, factor: 2 }],
};

Deno.test("wantedLists() are ten items that a user does not have, where nothing is said", () => {
  assertEquals(wantedLists(UNSAID, null), {
    options: { limit: 10, includeSeen: false },
    popular: false,
  });
});

Deno.test("wantedLists() are as the recipe says", () => {
  assertEquals(wantedLists(UNSAID, SERVING), {
    options: {
      limit: 20,
      includeSeen: true,
      filter: FILTER,
      diversity: { lambda: 0.5 },
      boosts: [{ filter: FILTER, factor: 2 }],
    },
    popular: true,
  });
});

Deno.test("wantedLists() puts flags before the recipe", () => {
  const flags = { limit: 3, includeSeen: false, fallback: "none" } as const;
  const { options, popular } = wantedLists(flags, SERVING);
  assertEquals([options.limit, options.includeSeen, popular], [
    3,
    false,
    false,
  ]);
});

Deno.test("wantedLists() refuses the lists that a server refuses for their cost", () => {
  const flags = { ...UNSAID, limit: 101 };
  const error = assertThrows(() => wantedLists(flags, SERVING), RecotemError);
  assertEquals(error.exitCode, 2);
  assertEquals(
    wantedLists({ ...UNSAID, limit: 100 }, SERVING).options.limit,
    100,
  );
  assertEquals(wantedLists(flags, null).options.limit, 101);
});
