import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { denseSlim } from "../../algorithms/dense_slim.ts";
import { type Events, SILENT } from "../../core/config/events.ts";
import { createKernels } from "../../core/kernels/create_kernels.ts";
import { createRandom } from "../../core/kernels/create_random.ts";
import type { Kernels } from "../../core/kernels/kernels.ts";
import type { KeptWeights, Training } from "../../core/recipe/recipe.ts";
import { chooseWeights, type KeptScore } from "../../train/choose_weights.ts";
import { evaluate } from "../../train/evaluate.ts";
import { measurement } from "../../train/measurement.ts";
import { fitBest } from "../../train/refit.ts";
import type { Trial } from "../../train/search/trial.ts";
import type { SplitResult } from "../../train/split.ts";
import { randomCsr } from "../core/kernels/matrices.ts";

const TRAINING: Training = {
  algorithms: ["DenseSLIM"],
  metric: "ndcg",
  cutoff: 10,
  n_trials: 1,
  per_algorithm_trials: null,
  per_trial_timeout_seconds: null,
  timeout_seconds: null,
  parallelism: 1,
  storage_path: "",
  device: "cpu",
  split: {
    scheme: "random",
    heldout_ratio: 0.1,
    test_user_ratio: 1,
    test_ratio: 0,
    seed: 42,
  },
  weights: { top_k: "auto", precision: "auto" },
  gate: { min_score: null, max_drop: null },
};

/** Chooses for interactions at random, of which single weights say nothing and many say little. */
async function choose(
  weights: KeptWeights,
  items: number,
): Promise<{ kept: KeptScore; told: Record<string, unknown>[] }> {
  const kernels = await createKernels({ threads: 1 });
  try {
    return await chooseWith(kernels, weights, items);
  } finally {
    kernels.close();
  }
}

async function chooseWith(
  kernels: Kernels,
  weights: KeptWeights,
  items: number,
): Promise<{ kept: KeptScore; told: Record<string, unknown>[] }> {
  const random = createRandom(2);
  const split = {
    fit: randomCsr(random, 300, items, 0.05),
    heldOut: randomCsr(random, 300, items, 0.02),
  } as SplitResult;
  const told: Record<string, unknown>[] = [];
  const events: Events = {
    ...SILENT,
    info: (event, fields) => void told.push({ event, ...fields }),
  };
  const { signal } = new AbortController();
  const context = { kernels, events, signal, random };
  const trial = {
    algorithm: denseSlim,
    params: { reg: 20 },
    epochs: null,
  } as unknown as Trial;
  const model = await fitBest(trial, split.fit, context);
  const evaluation = await evaluate(model, split.fit, split.heldOut, {
    kernels,
    cutoff: TRAINING.cutoff,
    signal,
  });
  const best = {
    ...trial,
    evaluation: measurement(evaluation, TRAINING.metric, random),
  };
  const training = { ...TRAINING, weights };
  return { kept: await chooseWeights(best, split, training, context), told };
}

Deno.test("chooseWeights() scores the weights that it is told to keep, and says what they lose", async () => {
  const { kept, told } = await choose({ top_k: 3, precision: "int8" }, 150);
  assertEquals(kept.format, { topK: 3, precision: "int8" });
  assertNotEquals(kept.score, kept.fullScore);
  assertEquals(told, [{
    event: "weights_kept",
    top_k: 3,
    precision: "int8",
    score: kept.score,
    full_score: kept.fullScore,
    loss: 1 - kept.score / kept.fullScore,
  }]);
});

Deno.test("chooseWeights() keeps by itself as few weights as lose less than 0.5 %, or all", async () => {
  const { kept } = await choose({ top_k: "auto", precision: "auto" }, 400);
  assert(kept.score >= 0.995 * kept.fullScore);
  const { topK, precision } = kept.format;
  assertEquals(topK === null ? "f32" : "f16", precision);
  // Of so few items all weights take less room than 128 of each with their indices.
  const few = await choose({ top_k: "auto", precision: "auto" }, 150);
  assertEquals(few.kept.format, { topK: null, precision: "f32" });
  assertEquals(few.kept.score, few.kept.fullScore);
});

Deno.test("chooseWeights() fits and scores nothing when all weights are kept", async () => {
  const { kept, told } = await choose({ top_k: "all", precision: "f32" }, 20);
  assertEquals(kept.format, { topK: null, precision: "f32" });
  assertEquals(kept.score, kept.fullScore);
  assertEquals(told[0]!.loss, 0);
});
