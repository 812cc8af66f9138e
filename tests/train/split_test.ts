import {
  assert,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import { createRandom } from "../../core/kernels/create_random.ts";
import type { Split } from "../../core/recipe/recipe.ts";
import { RecotemError } from "../../core/errors.ts";
import type { Interactions } from "../../train/data/interactions.ts";
import { splitInteractions, type SplitResult } from "../../train/split.ts";
import { toDense } from "../core/kernels/matrices.ts";
import { SPLIT, timed } from "./fixture.ts";

function split(
  interactions: Interactions,
  options: Partial<Split> = {},
): SplitResult {
  const settings = { ...SPLIT, ...options };
  return splitInteractions(
    interactions,
    settings,
    createRandom(settings.seed),
  );
}

type Side = "fit" | "held out" | "dropped";

/** One interaction of a user and the side it came to. */
interface Placed {
  readonly item: number;
  readonly time: number;
  readonly side: Side;
}

/**
 * Where each interaction went, by user. Asserts that none is on both sides or has another value, and that nothing is
 * there that was not before.
 */
function placed(
  { matrix, times }: Interactions,
  { fit, heldOut }: SplitResult,
): Placed[][] {
  const all = toDense(matrix);
  const fitted = toDense(fit);
  const held = toDense(heldOut);
  let position = 0;
  return all.map((row, user) =>
    row.flatMap((value, item): Placed[] => {
      const inFit = fitted[user]![item]!;
      const inHeldOut = held[user]![item]!;
      assert(inFit === null || inHeldOut === null);
      assert(value !== null || inFit === inHeldOut);
      if (value === null) return [];
      const time = times![position++]!;
      if (inFit === null && inHeldOut === null) {
        return [{ item, time, side: "dropped" }];
      }
      assertEquals(inFit ?? inHeldOut, value);
      return [{ item, time, side: inFit === null ? "held out" : "fit" }];
    })
  );
}

function on(own: readonly Placed[], side: Side): Placed[] {
  return own.filter((each) => each.side === side);
}

/** Interactions at few different times, so that ties are common. */
function someInteractions(maxUsers = 8): fc.Arbitrary<Interactions> {
  const items = 12;
  return fc.array(
    fc.array(fc.option(fc.integer({ min: 0, max: 9 })), {
      minLength: items,
      maxLength: items,
    }),
    { minLength: 2, maxLength: maxUsers },
  ).filter((rows) =>
    rows.some((row) => row.filter((t) => t !== null).length > 3)
  )
    .map(timed);
}

const someRatio = fc.integer({ min: 1, max: 19 }).map((n) => n / 20);

/** The split, or null where a side has nothing, which is an error. */
function splitOrNull(
  interactions: Interactions,
  options: Partial<Split>,
): Placed[][] | null {
  try {
    return placed(interactions, split(interactions, options));
  } catch (error) {
    assert(error instanceof RecotemError && error.code === "split_error");
    return null;
  }
}

for (const scheme of ["random", "time_user"] as const) {
  Deno.test(`splitInteractions() ${scheme} puts each interaction on exactly one side, floor(n · ratio) of each tested user held out`, () => {
    fc.assert(fc.property(
      someInteractions(),
      someRatio,
      someRatio,
      fc.integer(),
      (interactions, heldout_ratio, test_user_ratio, seed) => {
        const users = splitOrNull(interactions, {
          scheme,
          heldout_ratio,
          test_user_ratio,
          seed,
        });
        const expected = (own: readonly Placed[]) =>
          Math.floor(own.length * heldout_ratio);
        const tested = Math.floor(interactions.matrix.rows * test_user_ratio);
        let scored = 0;
        for (const own of users ?? []) {
          assertEquals(on(own, "dropped"), []);
          const held = on(own, "held out").length;
          if (held === 0) continue;
          scored++;
          assertEquals(held, expected(own));
        }
        assert(scored <= tested);
      },
    ));
  });

  Deno.test(`splitInteractions() ${scheme} tests floor(users · test_user_ratio) users, all of them at 1`, () => {
    const interactions = timed(
      Array.from({ length: 7 }, (_, user) => [user, 1, 2, 3]),
    );
    for (const [ratio, tested] of [[1, 7], [0.5, 3], [0.2, 1]] as const) {
      const users = placed(
        interactions,
        split(interactions, { scheme, test_user_ratio: ratio }),
      );
      const counts = users.map((own) => on(own, "held out").length);
      assertEquals(counts.filter((count) => count === 2).length, tested);
      assertEquals(counts.filter((count) => count === 0).length, 7 - tested);
    }
  });

  Deno.test(`splitInteractions() ${scheme} leaves a user whole who has fewer interactions than one in the ratio`, () => {
    const interactions = timed([
      Array.from({ length: 10 }, () => 1),
      Array.from({ length: 10 }, (_, item) => item < 9 ? 1 : null),
    ]);
    const users = placed(
      interactions,
      split(interactions, { scheme, heldout_ratio: 0.1 }),
    );
    assertEquals(users.map((own) => on(own, "held out").length), [1, 0]);
  });
}

Deno.test("splitInteractions() gives the same split for the same seed, and another for another", () => {
  const interactions = timed(
    Array.from({ length: 20 }, () => Array.from({ length: 10 }, (_, n) => n)),
  );
  for (const scheme of ["random", "time_user", "time_global"] as const) {
    const options = { scheme, test_user_ratio: 0.5 };
    const first = split(interactions, { ...options, seed: 1 });
    assertEquals(split(interactions, { ...options, seed: 1 }), first);
    assertNotEquals(split(interactions, { ...options, seed: 2 }), first);
  }
});

Deno.test("splitInteractions() random takes no notice of the times", () => {
  fc.assert(fc.property(someInteractions(), (interactions) => {
    const withTimes = splitOrNull(interactions, {});
    const without = { ...interactions, times: null };
    if (withTimes === null) return;
    assertEquals(split(without), split(interactions));
  }));
});

for (const count of [2, 4]) {
  Deno.test(`splitInteractions() random holds out each of a user's ${count} interactions equally often`, () => {
    const interactions = timed([Array.from({ length: count }, (_, n) => n)]);
    const seeds = 2000;
    const counts = new Array<number>(count).fill(0);
    for (let seed = 0; seed < seeds; seed++) {
      const [own] = placed(
        interactions,
        split(interactions, { heldout_ratio: 1 / count, seed }),
      );
      counts[on(own!, "held out")[0]!.item]!++;
    }
    const share = 1 / count;
    const deviation = Math.sqrt(seeds * share * (1 - share));
    for (const each of counts) {
      assert(Math.abs(each - seeds * share) < 5 * deviation, `${counts}`);
    }
  });
}

Deno.test("splitInteractions() time_user holds out the latest, and of equally late ones the last items", () => {
  const interactions = timed([[5, 1, 5, 5, 2]]);
  const [own] = placed(
    interactions,
    split(interactions, { scheme: "time_user", heldout_ratio: 0.4 }),
  );
  assertEquals(on(own!, "held out").map(({ item }) => item), [2, 3]);
  fc.assert(fc.property(someInteractions(), someRatio, (some, ratio) => {
    for (
      const own of splitOrNull(some, {
        scheme: "time_user",
        heldout_ratio: ratio,
      }) ?? []
    ) {
      for (const held of on(own, "held out")) {
        for (const kept of on(own, "fit")) {
          assert(
            kept.time < held.time ||
              (kept.time === held.time && kept.item < held.item),
          );
        }
      }
    }
  }));
});

for (
  const [times, ratio, held] of [
    // The cut lies between two times: 0.75 of the way from 0 to 30 is 22.5.
    [[0, 10, 20, 30], 0.25, [30]],
    [[0, 10, 20, 30], 0.5, [20, 30]],
    // The cut is a time itself: 2 of 0, 1, 2, 3, 4.
    [[0, 1, 2, 3, 4], 0.5, [2, 3, 4]],
    // All that are as late as the cut are held out, however many.
    [[1, 2, 2, 2, 3], 0.4, [2, 2, 2, 3]],
    // 0.9 of the way through 10, 20: nothing but the last.
    [[10, 20], 0.1, [20]],
    // The scale does not matter to the rule, nor the order.
    [[7e12, 1e12, 3e12, 5e12], 0.4, [7e12, 5e12]],
  ] as const
) {
  Deno.test(`splitInteractions() time_global holds out ${held} of ${times} at ratio ${ratio}`, () => {
    const interactions = timed([[...times]]);
    const [own] = placed(
      interactions,
      split(interactions, { scheme: "time_global", heldout_ratio: ratio }),
    );
    assertEquals(on(own!, "held out").map(({ time }) => time), [...held]);
    assertEquals(on(own!, "dropped"), []);
  });
}

Deno.test("splitInteractions() time_global keeps a pair that is on both sides of the cut out of the fit", () => {
  const once = timed([[1, 2, 9], [3, 4, null]]);
  // The pair of the first user and the last item came twice, at last at 9.
  const values = Float32Array.of(1, 1, 2, 1, 1);
  const interactions = { ...once, matrix: { ...once.matrix, values } };
  const { fit, heldOut } = split(interactions, {
    scheme: "time_global",
    heldout_ratio: 0.1,
  });
  assertEquals(toDense(fit), [[1, 1, null], [1, 1, null]]);
  assertEquals(toDense(heldOut), [[null, null, 2], [null, null, null]]);
});

Deno.test("splitInteractions() time_global drops the future of users who are not scored", () => {
  fc.assert(fc.property(
    someInteractions(12),
    someRatio,
    fc.constantFrom(1, ...Array.from({ length: 19 }, (_, n) => (n + 1) / 20)),
    fc.integer(),
    (interactions, heldout_ratio, test_user_ratio, seed) => {
      const users = splitOrNull(interactions, {
        scheme: "time_global",
        heldout_ratio,
        test_user_ratio,
        seed,
      }) ?? [];
      const all = users.flat();
      const past = Math.max(...on(all, "fit").map(({ time }) => time));
      const future = [...on(all, "held out"), ...on(all, "dropped")];
      assert(future.every(({ time }) => time > past));
      const scored = users.filter((own) => on(own, "held out").length > 0);
      const unscored = users.filter((own) => on(own, "dropped").length > 0);
      for (const own of scored) assertEquals(on(own, "dropped"), []);
      const candidates = scored.length + unscored.length;
      // In whole twentieths, so that nothing is rounded.
      const twentieths = Math.round(20 * test_user_ratio);
      assertEquals(
        unscored.length,
        Math.floor((20 - twentieths) * candidates / 20),
      );
    },
  ));
});

Deno.test("splitInteractions() time_global loses no user to a rounding error", () => {
  // 25 · 0.28 is a little more than 7 in floating point.
  const interactions = timed(Array.from({ length: 25 }, () => [1, 9]));
  const users = placed(
    interactions,
    split(interactions, { scheme: "time_global", test_user_ratio: 0.28 }),
  );
  assertEquals(users.flatMap((own) => on(own, "held out")).length, 7);
  assertEquals(users.flatMap((own) => on(own, "dropped")).length, 18);
});

Deno.test("splitInteractions() time_global scores at least one user", () => {
  const interactions = timed([[1, 9], [2, 9], [3, 9]]);
  const users = placed(
    interactions,
    split(interactions, { scheme: "time_global", test_user_ratio: 0.01 }),
  );
  assertEquals(users.flatMap((own) => on(own, "held out")).length, 1);
  assertEquals(users.flatMap((own) => on(own, "dropped")).length, 2);
});

for (
  const [problem, options] of [
    ["the ratio is too small for the users' interactions", {
      heldout_ratio: 0.1,
    }],
    ["too few users are tested", { test_user_ratio: 0.1 }],
  ] as const
) {
  Deno.test(`splitInteractions() refuses to hold out nothing because ${problem}`, () => {
    const error = assertThrows(
      () => split(timed([[1, 2, 3], [1, 2, 3]]), options),
      RecotemError,
    );
    assertEquals([error.code, error.exitCode], ["split_error", 4]);
  });
}

Deno.test("splitInteractions() refuses to hold out everything", () => {
  const error = assertThrows(
    () => split(timed([[7, 7], [7, null]]), { scheme: "time_global" }),
    RecotemError,
    "left nothing to learn from",
  );
  assertEquals(error.code, "split_error");
});

Deno.test("splitInteractions() says from how many interactions on one is held out", () => {
  const error = assertThrows(
    () => split(timed([[1, 2, 3]]), { heldout_ratio: 0.15 }),
    RecotemError,
  );
  assert(error.message.includes("at least 7"), error.message);
});

for (const scheme of ["time_user", "time_global"] as const) {
  Deno.test(`splitInteractions() ${scheme} refuses interactions without times`, () => {
    const error = assertThrows(
      () => split({ ...timed([[1, 2]]), times: null }, { scheme }),
      RecotemError,
      "schema.time_column",
    );
    assertEquals(error.code, "split_error");
  });
}
