import { assertEquals, assertStrictEquals } from "@std/assert";
import { createRandom } from "../../../core/kernels/create_random.ts";
import { DenseSimilarityModel } from "../../../core/models/dense_similarity.ts";
import type { Model } from "../../../core/models/model.ts";
import type { KeptWeights } from "../../../core/recipe/recipe.ts";
import type { EvaluationByUser } from "../../../train/evaluate.ts";
import { scoreKept } from "../../../train/search/score_kept.ts";

const ITEMS = 300;

function dense(): Model {
  const random = createRandom(4);
  const weights = Float32Array.from(
    { length: ITEMS * ITEMS },
    () => random.normal(),
  );
  return new DenseSimilarityModel(weights, ITEMS);
}

/** The numbers of weights that were scored, and the score that was taken; `scoreOf` decides by that number. */
async function run(
  weights: KeptWeights,
  scoreOf: (count: number) => number,
  model = dense(),
): Promise<{ counts: number[]; taken: number; models: Model[] }> {
  const counts: number[] = [];
  const models: Model[] = [];
  const best = await scoreKept(model, { weights, metric: "ndcg" }, (kept) => {
    const { values, weights } = kept.tensors();
    const count = (values ?? weights)!.data.length;
    counts.push(count);
    models.push(kept);
    return Promise.resolve({ ndcg: scoreOf(count) } as EvaluationByUser);
  });
  return { counts, taken: best.ndcg, models };
}

Deno.test("scoreKept() takes the best of a few numbers of weights", async () => {
  const auto = { top_k: "auto", precision: "auto" } as const;
  const few = await run(auto, (count) => 1 / count);
  assertEquals(few.counts, [128 * ITEMS, 16 * ITEMS, 256 * ITEMS]);
  assertEquals(few.taken, 1 / (16 * ITEMS));
  const many = await run(auto, (count) => count);
  assertEquals(many.taken, 256 * ITEMS);
});

Deno.test("scoreKept() tries the number of the recipe per target and per source, or the model as it is", async () => {
  const nine = await run({ top_k: 9, precision: "int8" }, (count) => count);
  assertEquals(nine.counts, [9 * ITEMS, 9 * ITEMS]);
  const model = dense();
  const all = { top_k: "all", precision: "f32" } as const;
  const { models } = await run(all, () => 0.5, model);
  assertEquals(models.length, 1);
  assertStrictEquals(models[0], model);
});
