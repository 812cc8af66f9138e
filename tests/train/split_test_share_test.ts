/** What `training.split.test_ratio` sets aside, and what pairs of several rows come to. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { createRandom } from "../../core/kernels/create_random.ts";
import type { Csr } from "../../core/kernels/csr.ts";
import { RecotemError } from "../../core/errors.ts";
import type { Split } from "../../core/recipe/recipe.ts";
import type { Interactions } from "../../train/data/interactions.ts";
import { type DataSplit, splitInteractions } from "../../train/split.ts";
import { toDense } from "../core/kernels/matrices.ts";
import { SPLIT, timed } from "./fixture.ts";

function split(
  interactions: Interactions,
  options: Partial<Split> = {},
): DataSplit {
  const settings = { ...SPLIT, ...options };
  return splitInteractions(interactions, settings, createRandom(settings.seed));
}

/** Users × items at as many different times as there are interactions. */
function manyTimed(users: number, items: number): Interactions {
  const random = createRandom(3);
  return timed(
    Array.from(
      { length: users },
      () => Array.from({ length: items }, () => random.float()),
    ),
  );
}

/** Users who have anything. */
function usersOf({ rows, indptr }: Csr): Set<number> {
  return new Set(
    Array.from({ length: rows }, (_, user) => user)
      .filter((user) => indptr[user + 1]! > indptr[user]!),
  );
}

/** Times of what is in a matrix. */
function timesOf({ matrix, times }: Interactions, part: Csr): number[] {
  const inPart = toDense(part);
  let position = 0;
  return toDense(matrix).flatMap((row, user) =>
    row.flatMap((value, item) => {
      if (value === null) return [];
      const time = times![position++]!;
      return inPart[user]![item] === null ? [] : [time];
    })
  );
}

for (const scheme of ["random", "time_user"] as const) {
  Deno.test(`splitInteractions() ${scheme} keeps floor(users · test_ratio) users from the trials, whole`, () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 30 }),
        fc.integer({ min: 4, max: 16 }).map((n) => n / 20),
        fc.integer({ min: 6, max: 20 }).map((n) => n / 20),
        fc.integer(),
        (users, test_ratio, test_user_ratio, seed) => {
          const interactions = manyTimed(users, 6);
          const options = { scheme, test_ratio, test_user_ratio, seed };
          const { fit, heldOut, test, trainUsers } = split(
            interactions,
            options,
          );
          const tested = usersOf(test!.heldOut);
          assertEquals(tested.size, Math.floor(users * test_ratio));
          assertEquals(tested.intersection(usersOf(fit)).size, 0);
          assertEquals(tested.intersection(usersOf(heldOut)).size, 0);
          const others = users - tested.size;
          const validated = Math.floor(others * test_user_ratio);
          assertEquals(usersOf(heldOut).size, validated);
          assertEquals(trainUsers, others - validated);
        },
      ),
      { numRuns: 30 },
    );
  });
}

for (const scheme of ["random", "time_user", "time_global"] as const) {
  Deno.test(`splitInteractions() ${scheme} fits the test's model on all that the test does not hold out`, () => {
    const interactions = manyTimed(20, 10);
    const options = { scheme, test_ratio: 0.3, test_user_ratio: 0.5 };
    const { test } = split(interactions, options);
    const [fit, heldOut] = [toDense(test!.fit), toDense(test!.heldOut)];
    for (const [user, row] of toDense(interactions.matrix).entries()) {
      for (const [item, value] of row.entries()) {
        const sides = [fit[user]![item], heldOut[user]![item]];
        assertEquals(sides.filter((side) => side !== null), [value]);
      }
    }
  });

  Deno.test(`splitInteractions() ${scheme} sets nothing aside by default`, () => {
    assertEquals(split(manyTimed(20, 10), { scheme }).test, null);
  });
}

Deno.test("splitInteractions() time_user tests by the latest of each user", () => {
  const interactions = manyTimed(10, 8);
  const { test } = split(interactions, {
    scheme: "time_user",
    test_ratio: 0.5,
  });
  for (const user of usersOf(test!.heldOut)) {
    const own = (part: Csr) => {
      const only = { ...part, indptr: new Uint32Array(part.rows + 1) };
      only.indptr.fill(part.indptr[user + 1]! - part.indptr[user]!, user + 1);
      only.indices = part.indices.slice(
        part.indptr[user]!,
        part.indptr[user + 1]!,
      );
      return timesOf(interactions, only);
    };
    assert(Math.max(...own(test!.fit)) < Math.min(...own(test!.heldOut)));
  }
});

Deno.test("splitInteractions() time_global tests by the end of time, and no trial sees it nor what it is scored on", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10 }).map((n) => n / 20),
      fc.integer({ min: 1, max: 10 }).map((n) => n / 20),
      fc.integer({ min: 5, max: 20 }).map((n) => n / 20),
      (test_ratio, heldout_ratio, test_user_ratio) => {
        const interactions = manyTimed(10, 10);
        const { fit, heldOut, test } = split(interactions, {
          scheme: "time_global",
          test_ratio,
          heldout_ratio,
          test_user_ratio,
        });
        const [fitted, scored, tested] = [fit, heldOut, test!.heldOut]
          .map((part) => timesOf(interactions, part));
        assert(Math.max(...fitted!) < Math.min(...scored!));
        assert(Math.max(...scored!) < Math.min(...tested!));
        // 100 different times: their quantile is at 99 · (1 - ratio).
        assertEquals(
          tested!.length,
          99 - Math.ceil(99 * (1 - test_ratio) - 1e-9) + 1,
        );
        const before = 100 - tested!.length;
        if (test_user_ratio < 1) return;
        assertEquals(
          scored!.length,
          before - Math.ceil((before - 1) * (1 - heldout_ratio) - 1e-9),
        );
      },
    ),
  );
});

Deno.test("splitInteractions() time_global splits what is before the test as if it were all", () => {
  const interactions = timed([[1, 2, 3, 4, 90, 91], [5, 6, 7, 8, 92, 93]]);
  const earlier = timed([[1, 2, 3, 4, null, null], [5, 6, 7, 8, null, null]]);
  const options = { scheme: "time_global", heldout_ratio: 0.25 } as const;
  const found = split(interactions, { ...options, test_ratio: 0.3 });
  const expected = split(earlier, options);
  assertEquals(toDense(found.fit), toDense(expected.fit));
  assertEquals(toDense(found.heldOut), toDense(expected.heldOut));
  assertEquals(timesOf(interactions, found.test!.heldOut), [90, 91, 92, 93]);
});

Deno.test("splitInteractions() counts the users it chose for nothing", () => {
  const interactions = timed([
    [1, 2, null, null], // nothing late
    [3, null, 8, null], // validated
    [4, null, 8, 10], // both
    [5, null, null, 10], // tested
  ]);
  const options = {
    scheme: "time_global",
    heldout_ratio: 0.3,
    test_ratio: 0.2,
  } as const;
  assertEquals(split(interactions, options).trainUsers, 1);
  const half = split(interactions, { ...options, test_user_ratio: 0.5 });
  assertEquals(usersOf(half.heldOut).size, 1);
  // The one of the two who is not validated is in nothing, or in the test.
  assertEquals(half.trainUsers, usersOf(half.heldOut).has(1) ? 1 : 2);
});

Deno.test("splitInteractions() refuses to hold out nothing for the test", () => {
  const error = assertThrows(
    () => split(manyTimed(4, 4), { test_ratio: 0.2 }),
    RecotemError,
    "test_ratio 0.2",
  );
  assertEquals(error.code, "split_error");
});

Deno.test("splitInteractions() time_global refuses a test that leaves nothing before it", () => {
  const error = assertThrows(
    () =>
      split(timed([[7, 7], [7, null]]), {
        scheme: "time_global",
        test_ratio: 0.5,
      }),
    RecotemError,
    "left nothing to learn from",
  );
  assertEquals(error.code, "split_error");
});

/** Users 0 and 1 have item 0 at 1 and again later, and something else each. */
function repeated(): Interactions {
  const once = timed([[1, 2, null], [1, null, 9], [3, 4, null]]);
  return {
    ...once,
    matrix: { ...once.matrix, values: Float32Array.of(4, 1, 2, 2, 1, 1) },
    repeats: {
      positions: Uint32Array.of(0, 2, 0, 3, 0),
      times: Float64Array.of(2, 8, 7, 10, 9),
    },
  };
}

Deno.test("splitInteractions() time_global leaves a pair where its first row is, and out of its value the rows from the cut on", () => {
  const { fit, heldOut } = split(repeated(), {
    scheme: "time_global",
    // Of the eleven rows 7, 8, 9, 9 and 10 come at or after the quantile.
    heldout_ratio: 0.4,
  });
  assertEquals(toDense(fit), [[2, 1, null], [1, null, null], [1, 1, null]]);
  assertEquals(toDense(heldOut)[1], [null, null, 2]);
  assertEquals(usersOf(heldOut), new Set([1]));
});

Deno.test("splitInteractions() time_global gives the test's model the rows before the test", () => {
  const { fit, test } = split(repeated(), {
    scheme: "time_global",
    heldout_ratio: 0.4,
    test_ratio: 0.2,
  });
  // The test is from 9 on, what trials are scored on from 4 on.
  assertEquals(toDense(fit), [[2, 1, null], [1, null, null], [1, null, null]]);
  assertEquals(toDense(test!.fit), [[3, 1, null], [2, null, null], [
    1,
    1,
    null,
  ]]);
  assertEquals(toDense(test!.heldOut)[1], [null, null, 2]);
});

Deno.test("splitInteractions() leaves the values as they are where time plays no part", () => {
  const { fit, heldOut } = split(repeated(), { test_user_ratio: 0.4 });
  const sum = (part: Csr) => part.values.reduce((a, b) => a + b, 0);
  assertEquals(sum(fit) + sum(heldOut), 11);
});
