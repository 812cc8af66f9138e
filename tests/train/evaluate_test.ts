import { assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { createReferenceKernels } from "../../core/kernels/create_reference_kernels.ts";
import type { Csr } from "../../core/kernels/csr.ts";
import { PopularityModel } from "../../core/models/popularity.ts";
import type { Model } from "../../core/models/model.ts";
import {
  evaluate,
  type Evaluation,
  type EvaluationByUser,
} from "../../train/evaluate.ts";
import { fromDense } from "../core/kernels/matrices.ts";
import { scoring } from "./fixture.ts";

/** A matrix with a 1 at each user's items. */
function having(items: number, ...users: (readonly number[])[]): Csr {
  return fromDense(
    users.map((own) =>
      Array.from({ length: items }, (_, item) => own.includes(item) ? 1 : null)
    ),
    items,
  );
}

function score(
  model: Model,
  histories: Csr,
  heldOut: Csr,
  cutoff: number,
): Promise<EvaluationByUser> {
  return evaluate(model, histories, heldOut, {
    kernels: createReferenceKernels(),
    cutoff,
    signal: new AbortController().signal,
  });
}

/** Asserts the four metrics, worked out by hand. */
function assertScores(
  found: Evaluation,
  expected: readonly [ndcg: number, map: number, recall: number, hit: number],
): void {
  const { ndcg, map, recall, hit } = found;
  for (const [n, value] of [ndcg, map, recall, hit].entries()) {
    assertAlmostEquals(value, expected[n]!, 1e-12);
  }
}

Deno.test("evaluate() scores a list by hits and their places, what the user has left out", async () => {
  // The list is 1, 2, 3: hits at places 1 and 3.
  const found = await score(
    scoring([[9, 5, 4, 3, 1]]),
    having(5, [0]),
    having(5, [1, 3]),
    3,
  );
  const ndcg = (1 + 1 / 2) / (1 + 1 / Math.log2(3));
  assertScores(found, [ndcg, (1 / 1 + 2 / 3) / 2, 1, 1]);
  assertEquals([found.users, found.nanCount], [1, 0]);
});

Deno.test("evaluate() divides map and recall by all that is held out, and ndcg by what the list could hold", async () => {
  // The list is 4, 3: one hit, at place 2, of four items held out.
  const found = await score(
    scoring([[1, 2, 3, 4, 5]]),
    having(5, []),
    having(5, [0, 1, 2, 3]),
    2,
  );
  const ndcg = (1 / Math.log2(3)) / (1 + 1 / Math.log2(3));
  assertScores(found, [ndcg, (1 / 2) / 4, 1 / 4, 1]);
});

Deno.test("evaluate() takes means over the users who have something held out, those without a hit included", async () => {
  const found = await score(
    scoring([[3, 2, 1], [3, 2, 1], [3, 2, 1]]),
    having(3, [], [0], []),
    having(3, [0], [], [2]),
    1,
  );
  assertScores(found, [1 / 2, 1 / 2, 1 / 2, 1 / 2]);
  assertEquals(found.users, 2);
});

Deno.test("evaluate() puts the lower item first when scores are equal", async () => {
  const model = scoring([[7, 7, 7]]);
  const histories = having(3, []);
  assertEquals((await score(model, histories, having(3, [0]), 1)).hit, 1);
  assertEquals((await score(model, histories, having(3, [1]), 1)).hit, 0);
  assertScores(await score(model, histories, having(3, [1]), 2), [
    1 / Math.log2(3),
    1 / 2,
    1,
    1,
  ]);
});

Deno.test("evaluate() measures a list that is shorter than the cutoff by its own length", async () => {
  // Item 0 is held out and seen, so that it can never be listed: the list is 1.
  const found = await score(
    scoring([[2, 1]]),
    having(2, [0]),
    having(2, [0, 1]),
    20,
  );
  assertScores(found, [1, 1 / 2, 1 / 2, 1]);
});

Deno.test("evaluate() counts a user for whom no item is left", async () => {
  const found = await score(
    scoring([[2, 1], [2, 1]]),
    having(2, [0, 1], []),
    having(2, [0], [0]),
    2,
  );
  assertScores(found, [1 / 2, 1 / 2, 1 / 2, 1 / 2]);
  assertEquals(found.users, 2);
});

Deno.test("evaluate() leaves scores that are NaN out of the lists and counts them", async () => {
  const found = await score(
    new PopularityModel(Float32Array.of(NaN, 1, NaN, 2)),
    having(4, [], []),
    having(4, [1], [0]),
    4,
  );
  // Lists are 3, 1.
  const ndcg = 1 / Math.log2(3);
  assertScores(found, [ndcg / 2, 1 / 4, 1 / 2, 1 / 2]);
  assertEquals([found.nanCount, found.users], [4, 2]);
});

Deno.test("evaluate() gives each user's scores, in the order of the users, and their means", async () => {
  const found = await score(
    scoring([[3, 2, 1], [3, 2, 1], [3, 2, 1], [1, 2, 3]]),
    having(3, [], [], [], []),
    having(3, [1], [], [0], [0, 1]),
    2,
  );
  const { ndcg, map, recall, hit } = found.userScores;
  const second = 1 / Math.log2(3);
  assertEquals([...hit], [1, 1, 1]);
  assertEquals([...recall], [1, 1, 1 / 2]);
  assertEquals([...map], [1 / 2, 1, 1 / 4]);
  assertEquals([...ndcg], [second, 1, second / (1 + second)]);
  assertAlmostEquals(found.map, (1 / 2 + 1 + 1 / 4) / 3, 1e-12);
});

Deno.test("evaluate() counts how often each item is listed, and how known it is", async () => {
  // Of two users both have item 0, one item 1 and nobody the others. Lists: 3 2 and 3 1.
  const found = await score(
    scoring([[9, 1, 3, 4], [9, 3, 2, 4]]),
    having(4, [0, 1], [0]),
    having(4, [3], [3]),
    2,
  );
  assertEquals(found.coverage, 3 / 4);
  assertEquals(found.novelty, 1);
  // Counts 0 1 1 2: (-3·0 - 1·1 + 1·1 + 3·2) / (4·4).
  assertEquals(found.gini, 6 / 16);
});

Deno.test("evaluate() tells which share of the items is in some list", async () => {
  const found = await score(
    scoring([[4, 3, 2, 1], [1, 4, 3, 2]]),
    having(4, [], []),
    having(4, [3], [3]),
    2,
  );
  assertEquals(found.coverage, 3 / 4);
});

Deno.test("evaluate() gives zeros when nothing is held out", async () => {
  const found = await score(
    scoring([[2, 1]]),
    having(2, [0]),
    having(2, []),
    1,
  );
  assertScores(found, [0, 0, 0, 0]);
  assertEquals([found.users, found.coverage], [0, 0]);
});

Deno.test("evaluate() finds the same in more users than it ranks at once", async () => {
  const users = Array.from({ length: 5000 }, (_, user) => [user % 3]);
  const found = await score(
    new PopularityModel(Float32Array.of(3, 2, 1)),
    having(3, ...users.map(() => [])),
    having(3, ...users),
    1,
  );
  assertEquals(found.hit, 1667 / 5000);
  assertEquals(found.users, 5000);
});

/** The metrics of one user, as they are defined: from the whole list of flags. */
function byDefinition(
  relevant: readonly boolean[],
  held: number,
): [number, number, number, number] {
  const hits = relevant.map((_, n) =>
    relevant.slice(0, n + 1).filter((each) => each).length
  );
  const total = (weight: (n: number) => number) =>
    relevant.reduce((sum, each, n) => each ? sum + weight(n) : sum, 0);
  const discount = (n: number) => 1 / Math.log2(n + 2);
  const best = relevant.slice(0, held).reduce(
    (sum, _, n) => sum + discount(n),
    0,
  );
  const found = hits.at(-1) ?? 0;
  return [
    found > 0 ? total(discount) / best : 0,
    total((n) => hits[n]! / (n + 1)) / held,
    found / held,
    found > 0 ? 1 : 0,
  ];
}

Deno.test("evaluate() agrees with the definitions of the metrics on whatever scores", async () => {
  const items = 6;
  const user = fc.record({
    scores: fc.array(fc.integer({ min: 0, max: 3 }), {
      minLength: items,
      maxLength: items,
    }),
    sides: fc.array(fc.constantFrom("seen", "held", "neither"), {
      minLength: items,
      maxLength: items,
    }),
  });
  await fc.assert(fc.asyncProperty(
    fc.array(user, { minLength: 1, maxLength: 5 }),
    fc.integer({ min: 1, max: 8 }),
    async (users, cutoff) => {
      const on = (side: string) =>
        having(
          items,
          ...users.map(({ sides }) =>
            sides.flatMap((each, item) => each === side ? [item] : [])
          ),
        );
      const found = await score(
        scoring(users.map(({ scores }) => scores)),
        on("seen"),
        on("held"),
        cutoff,
      );
      const each = users.flatMap(({ scores, sides }) => {
        const held = sides.filter((side) => side === "held").length;
        const list = scores.map((_, item) => item)
          .filter((item) => sides[item] !== "seen")
          .sort((a, b) => scores[b]! - scores[a]! || a - b)
          .slice(0, cutoff);
        return held === 0
          ? []
          : [byDefinition(list.map((item) => sides[item] === "held"), held)];
      });
      const mean = (n: number) =>
        each.reduce((sum, metrics) => sum + metrics[n]!, 0) /
        Math.max(each.length, 1);
      assertScores(found, [mean(0), mean(1), mean(2), mean(3)]);
    },
  ));
});
