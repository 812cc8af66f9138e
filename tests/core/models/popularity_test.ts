import { assertEquals, assertStrictEquals } from "@std/assert";
import * as fc from "fast-check";
import { createReferenceKernels } from "../../../core/kernels/create_reference_kernels.ts";
import { PopularityModel } from "../../../core/models/popularity.ts";
import { fromDense, integerCsr, integers } from "../kernels/matrices.ts";
import { assertFormChecked, f32 } from "./tensors.ts";

const HISTORY = { items: Uint32Array.of(1), weights: Float32Array.of(9) };

Deno.test("PopularityModel gives the same scores for every user, history and item", () => {
  const model = new PopularityModel(Float32Array.of(3, -1, 2));
  for (
    const score of [
      (out: Float32Array) => model.scoreUser(7, HISTORY, out),
      (out: Float32Array) => model.scoreHistory(HISTORY, out),
      (out: Float32Array) => model.similar(Uint32Array.of(0, 2), out),
    ]
  ) {
    const out = new Float32Array(3).fill(5);
    score(out);
    assertEquals(out, Float32Array.of(3, -1, 2));
    // What is written over must not be the model's own.
    out.fill(0);
  }
  assertEquals(model.itemCount, 3);
});

Deno.test("PopularityModel.load() opens what tensors() gives, without a copy", () => {
  const scores = Float32Array.of(3, -1, 2);
  const model = new PopularityModel(scores);
  assertEquals(model.kind, "popularity");
  assertEquals(model.tensors(), { scores: f32([3, -1, 2]) });
  const again = PopularityModel.load(model.tensors(), 3);
  assertStrictEquals(again.tensors().scores!.data, scores);
});

Deno.test("PopularityModel.load() refuses what it does not hold", () => {
  assertFormChecked(
    (tensors) => PopularityModel.load(tensors, 2),
    { scores: f32([1, 2]) },
  );
});

Deno.test("PopularityModel.rankUsers() ranks as the kernels do, ties by index, without the seen", async () => {
  const kernels = createReferenceKernels();
  const shape = fc.record({
    users: fc.integer({ min: 1, max: 8 }),
    items: fc.integer({ min: 1, max: 12 }),
  });
  await fc.assert(
    fc.asyncProperty(
      shape.chain(({ users, items }) =>
        fc.record({
          scores: integers(items),
          seen: integerCsr(users, items),
          chosen: fc.array(fc.nat({ max: users - 1 }), { maxLength: 9 }),
          k: fc.integer({ min: 1, max: items + 2 }),
        })
      ),
      async ({ scores, seen, chosen, k }) => {
        const args = { users: Uint32Array.from(chosen), seen, k };
        const model = new PopularityModel(scores);
        const ranking = await model.rankUsers(kernels, seen, args);
        const wanted = await kernels.rankFactors(
          {
            users: new Float32Array(seen.rows).fill(1),
            items: scores,
            itemCount: scores.length,
            factors: 1,
          },
          args,
        );
        assertEquals(ranking, wanted);
      },
    ),
    { numRuns: 100 },
  );
});

Deno.test("PopularityModel.rankUsers() leaves NaN out and counts it once per user", async () => {
  const model = new PopularityModel(Float32Array.of(NaN, 1, 2));
  const seen = fromDense([[1, null, null], [null, null, null]]);
  const ranking = await model.rankUsers(createReferenceKernels(), seen, {
    users: Uint32Array.of(0, 1),
    seen,
    k: 3,
  });
  assertEquals(ranking.counts, Uint32Array.of(2, 2));
  assertEquals(ranking.indices.subarray(0, 2), Uint32Array.of(2, 1));
  assertEquals(ranking.nanCount, 2);
});
