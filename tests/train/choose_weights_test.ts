import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { denseSlim } from "../../algorithms/dense_slim.ts";
import { type Events, SILENT } from "../../core/config/events.ts";
import { createReferenceKernels } from "../../core/kernels/create_reference_kernels.ts";
import { createKernels } from "../../core/kernels/create_kernels.ts";
import { createRandom } from "../../core/kernels/create_random.ts";
import type { Kernels } from "../../core/kernels/kernels.ts";
import type { KeptWeights, Training } from "../../core/recipe/recipe.ts";
import { chooseWeights, type KeptScore } from "../../train/choose_weights.ts";
import type { Trial } from "../../train/search/trial.ts";
import type { SplitResult } from "../../train/split.ts";
import { fromDense, randomCsr } from "../core/kernels/matrices.ts";

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
  arithmetic: "fast",
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

/** Interactions at random, of which single weights say nothing and many say little. */
function atRandom(items: number): SplitResult {
  const random = createRandom(2);
  return {
    fit: randomCsr(random, 300, items, 0.05),
    heldOut: randomCsr(random, 300, items, 0.02),
  };
}

/** Users who have half of one of 30 groups of ten items, and as many others; the rest of the group is held out. */
function groupsAndNoise(): SplitResult {
  const random = createRandom(3);
  const fit: (number | null)[][] = [];
  const heldOut: (number | null)[][] = [];
  for (let user = 0; user < 300; user++) {
    const seen = new Array<number | null>(300).fill(null);
    const rest = [...seen];
    const group = 10 * random.int(30);
    for (let n = 0; n < 10; n++) {
      (n < 5 ? seen : rest)[group + random.int(10)] = 1;
    }
    for (let n = 0; n < 5; n++) seen[random.int(300)] = 1;
    fit.push(seen);
    heldOut.push(rest.map((value, item) => seen[item] === null ? value : null));
  }
  return { fit: fromDense(fit), heldOut: fromDense(heldOut) };
}

async function choose(
  weights: KeptWeights,
  items: number,
  split = atRandom(items),
): Promise<{ kept: KeptScore; told: Record<string, unknown>[] }> {
  const kernels = await createKernels({ threads: 1 });
  try {
    return await chooseWith(kernels, weights, split);
  } finally {
    kernels.close();
  }
}

async function chooseWith(
  kernels: Kernels,
  weights: KeptWeights,
  split: SplitResult,
): Promise<{ kept: KeptScore; told: Record<string, unknown>[] }> {
  const told: Record<string, unknown>[] = [];
  const events: Events = {
    ...SILENT,
    info: (event, fields) => void told.push({ event, ...fields }),
  };
  const { signal } = new AbortController();
  const context = { kernels, events, signal, random: createRandom(2) };
  const trial = {
    algorithm: denseSlim,
    params: { reg: 20 },
    epochs: null,
  } as unknown as Trial;
  const training = { ...TRAINING, weights };
  return { kept: await chooseWeights(trial, split, training, context), told };
}

Deno.test("chooseWeights() scores the weights that it is told to keep, and says what they lose", async () => {
  const { kept, told } = await choose({ top_k: 3, precision: "int8" }, 150);
  const { per } = kept.format;
  assertEquals(kept.format, { topK: 3, per, precision: "int8" });
  assertNotEquals(kept.score, kept.fullScore);
  assertEquals(told, [{
    event: "weights_kept",
    top_k: 3,
    per,
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
  // Of so few items all weights take less room than 16 of each with their indices.
  const few = await choose({ top_k: "auto", precision: "auto" }, 20);
  assertEquals(few.kept.format, {
    topK: null,
    per: "target",
    precision: "f32",
  });
  assertEquals(few.kept.score, few.kept.fullScore);
});

Deno.test("chooseWeights() keeps few weights where the others are noise, and they do better than all", async () => {
  const { kept } = await choose(
    { top_k: "auto", precision: "auto" },
    300,
    groupsAndNoise(),
  );
  assert(kept.format.topK! <= 128);
  assert(kept.score > kept.fullScore);
});

Deno.test("chooseWeights() fits and scores nothing when all weights are kept", async () => {
  const told: Record<string, unknown>[] = [];
  const best = {
    algorithm: { ...denseSlim, fit: () => Promise.reject(new Error("No")) },
    params: { reg: 20 },
    epochs: null,
    evaluation: { ndcg: 0.25 },
  } as unknown as Trial;
  const weights = { top_k: "all", precision: "f32" } as const;
  const kept = await chooseWeights(
    best,
    atRandom(20),
    { ...TRAINING, weights },
    {
      kernels: createReferenceKernels(),
      events: {
        ...SILENT,
        info: (event, fields) => void told.push({ event, ...fields }),
      },
      signal: new AbortController().signal,
      random: createRandom(2),
    },
  );
  assertEquals(kept, {
    format: { topK: null, per: "target", precision: "f32" },
    score: 0.25,
    evaluation: best.evaluation!,
    fullScore: 0.25,
  });
  assertEquals(told[0]!.loss, 0);
});
