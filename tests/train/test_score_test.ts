import { assertEquals, assertNotEquals } from "@std/assert";
import { denseSlim } from "../../algorithms/dense_slim.ts";
import { createRandom } from "../../core/kernels/create_random.ts";
import { createReferenceKernels } from "../../core/kernels/create_reference_kernels.ts";
import { testScore } from "../../train/test_score.ts";
import { recordEvents } from "../core/record_events.ts";
import { fromDense, randomCsr } from "../core/kernels/matrices.ts";
import { placing } from "./search/fixture.ts";
import { training, trial } from "./fixture.ts";

const CONTEXT = {
  kernels: createReferenceKernels(),
  events: recordEvents(),
  signal: new AbortController().signal,
  random: createRandom(1),
};

Deno.test("testScore() fits the best trial's parameters on the test's own side, with the epochs that it found, and tells", async () => {
  const test = {
    fit: fromDense([[null, 1]], 64),
    heldOut: fromDense([[1, null]], 64),
  };
  const asked: unknown[] = [];
  const best = trial({ params: { reg: 2 }, epochs: 15 });
  const algorithm = {
    ...best.algorithm,
    fit(matrix: unknown, params: object) {
      assertEquals(matrix, test.fit);
      asked.push(params);
      return Promise.resolve(placing(4));
    },
  };
  const events = recordEvents();
  const score = await testScore(
    { ...best, algorithm },
    test,
    null,
    training({ metric: "map" }),
    { ...CONTEXT, events },
  );
  assertEquals(asked, [{ reg: 2, train_epochs: 15 }]);
  // Item 1 is left out, before item 0 there are others.
  assertEquals(score.best.map, 1 / 3);
  assertEquals(score.popularity.map, 1);
  assertEquals(events.seen, [["info", "test_scored", {
    test_score: 1 / 3,
    test_score_interval: [1 / 3, 1 / 3],
    popularity_score: 1,
    n_users: 1,
  }]]);
});

Deno.test("testScore() scores the weights that are kept", async () => {
  const random = createRandom(2);
  const test = {
    fit: randomCsr(random, 60, 40, 0.2, () => 1),
    heldOut: randomCsr(random, 60, 40, 0.1, () => 1),
  };
  const best = { ...trial({ params: { reg: 3 } }), algorithm: denseSlim };
  const scores = [];
  for (const topK of [1, 39]) {
    const format = { topK, per: "target", precision: "f32" } as const;
    const settings = training({ cutoff: 5 });
    scores.push(await testScore(best, test, format, settings, CONTEXT));
  }
  assertNotEquals(scores[0]!.best.ndcg, scores[1]!.best.ndcg);
  assertEquals(scores[0]!.popularity, scores[1]!.popularity);
});
