/** What every implementation of the kernels must rank alike. */
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
} from "@std/assert";
import * as fc from "fast-check";
import { createRandom } from "../../../core/kernels/create_random.ts";
import type { Csr } from "../../../core/kernels/csr.ts";
import type { Kernels, Ranking } from "../../../core/kernels/kernels.ts";
import {
  fromDense,
  integerCsr,
  integers,
  randomCsr,
  randomFloats,
  toDense,
} from "./matrices.ts";

type Test = (title: string, body: (kernels: Kernels) => Promise<void>) => void;

/** Registers the tests of ranking. */
export function testRanks(test: Test): void {
  const shape = fc.record({
    users: fc.integer({ min: 1, max: 60 }),
    items: fc.integer({ min: 1, max: 70 }),
    factors: fc.integer({ min: 1, max: 9 }),
  });
  test("rankFactors() ranks by dot products, ties by lower column, without the seen", async (kernels) => {
    await fc.assert(
      fc.asyncProperty(
        shape.chain(({ users, items, factors }) =>
          fc.record({
            userFactors: integers(users * factors, -1, 1),
            itemFactors: integers(items * factors, -1, 1),
            seen: integerCsr(users, items),
            chosen: fc.array(fc.nat({ max: users - 1 }), { maxLength: 70 }),
            k: fc.integer({ min: 1, max: items + 2 }),
            items: fc.constant(items),
            factors: fc.constant(factors),
          })
        ),
        async (
          { userFactors, itemFactors, seen, chosen, k, items, factors },
        ) => {
          const users = Uint32Array.from(chosen);
          const ranking = await kernels.rankFactors(
            {
              users: userFactors,
              items: itemFactors,
              itemCount: items,
              factors,
            },
            { users, seen, k },
          );
          assertRanking(ranking, { users, seen, k }, (user, item) => {
            let sum = 0;
            for (let f = 0; f < factors; f++) {
              sum += userFactors[user * factors + f]! *
                itemFactors[item * factors + f]!;
            }
            return sum;
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  test("rankSparse() ranks by products of sparse matrices, scores of 0 included", async (kernels) => {
    await fc.assert(
      fc.asyncProperty(
        shape.chain(({ users, items }) =>
          fc.record({
            histories: integerCsr(users, 5),
            weights: integerCsr(5, items),
            seen: integerCsr(users, items),
            chosen: fc.array(fc.nat({ max: users - 1 }), { maxLength: 70 }),
            k: fc.integer({ min: 1, max: items + 2 }),
          })
        ),
        async ({ histories, weights, seen, chosen, k }) => {
          const users = Uint32Array.from(chosen);
          const ranking = await kernels.rankSparse(histories, weights, {
            users,
            seen,
            k,
          });
          const left = toDense(histories);
          const right = toDense(weights);
          assertRanking(
            ranking,
            { users, seen, k },
            (user, item) =>
              right.reduce(
                (sum, row, h) => sum + (left[user]![h] ?? 0) * (row[item] ?? 0),
                0,
              ),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  test("rankFactors() finds the best of thousands of items", async (kernels) => {
    const random = createRandom(11);
    const factors = 24;
    const itemCount = 2000;
    const model = {
      users: randomFloats(random, 100 * factors),
      items: randomFloats(random, itemCount * factors),
      itemCount,
      factors,
    };
    const seen = randomCsr(random, 100, itemCount, 0.05);
    const users = Uint32Array.from({ length: 100 }, (_, u) => 99 - u);
    const few = await kernels.rankFactors(model, { users, seen, k: 20 });
    const all = await kernels.rankFactors(model, { users, seen, k: itemCount });
    for (let u = 0; u < 100; u++) {
      assertEquals(
        few.indices.subarray(20 * u, 20 * (u + 1)),
        all.indices.subarray(itemCount * u, itemCount * u + 20),
      );
      assertEquals(
        all.counts[u],
        itemCount - (seen.indptr[100 - u]! - seen.indptr[99 - u]!),
      );
      const scores = all.scores.subarray(
        itemCount * u,
        itemCount * u + all.counts[u]!,
      );
      scores.forEach((score, at) => {
        assert(at === 0 || score <= scores[at - 1]!);
        const item = all.indices[itemCount * u + at]!;
        let exact = 0;
        for (let f = 0; f < factors; f++) {
          exact += model.users[(99 - u) * factors + f]! *
            model.items[item * factors + f]!;
        }
        assertAlmostEquals(score, exact, 1e-5);
      });
    }
  });

  test("ranking leaves out NaN and -Infinity, counts NaN, keeps Infinity", async (kernels) => {
    const weights = fromDense([[NaN, 1, -Infinity, Infinity, NaN, 2]]);
    const users = Uint32Array.of(0, 0);
    const seen = fromDense([[null, null, null, null, 1, null]]);
    const ranking = await kernels.rankSparse(fromDense([[1]]), weights, {
      users,
      seen,
      k: 4,
    });
    assertEquals(ranking.counts, Uint32Array.of(3, 3));
    assertEquals(ranking.indices.subarray(4, 7), Uint32Array.of(3, 5, 1));
    assertEquals(
      ranking.scores.subarray(4, 7),
      Float32Array.of(Infinity, 2, 1),
    );
    assertEquals(ranking.nanCount, 2);
    const factors = await kernels.rankFactors(
      {
        users: Float32Array.of(1),
        items: weights.values,
        itemCount: 6,
        factors: 1,
      },
      { users, seen, k: 4 },
    );
    assertEquals(factors.indices.subarray(4, 7), Uint32Array.of(3, 5, 1));
    assertEquals(factors.nanCount, 2);
  });

  test("ranking refuses a user who is not there", async (kernels) => {
    await assertRejects(
      () =>
        kernels.rankSparse(fromDense([[1]]), fromDense([[1]]), {
          users: Uint32Array.of(1),
          seen: fromDense([[null]]),
          k: 1,
        }),
      RangeError,
      "A user is 1, must be below 1",
    );
  });
}

function assertRanking(
  ranking: Ranking,
  { users, seen, k }: { users: Uint32Array; seen: Csr; k: number },
  score: (user: number, item: number) => number,
): void {
  const masks = toDense(seen);
  assertEquals(ranking.nanCount, 0);
  assertEquals(ranking.k, k);
  users.forEach((user, u) => {
    const best = masks[user]!
      .map((mask, item) => ({ mask, item, score: score(user, item) }))
      .filter(({ mask }) => mask === null)
      .sort((a, b) => b.score - a.score || a.item - b.item)
      .slice(0, k);
    assertEquals(ranking.counts[u], best.length);
    const at = u * k;
    assertEquals(
      [...ranking.indices.subarray(at, at + best.length)],
      best.map(({ item }) => item),
    );
    assertEquals(
      [...ranking.scores.subarray(at, at + best.length)].map((s) => s + 0),
      best.map((entry) => entry.score + 0),
    );
  });
}
