/**
 * Size of the artifact and validation NDCG@20 of dense models on the retail purchases, by how their weights are kept.
 *
 * deno run -A bench/model_size.ts
 *
 * @module
 */
import { algorithmByName } from "../algorithms/mod.ts";
import type { Model } from "../core/models/model.ts";
import { Recommender } from "../core/models/recommender.ts";
import { SILENT } from "../core/config/events.ts";
import { createKernels } from "../core/kernels/create_kernels.ts";
import { createRandom } from "../core/kernels/create_random.ts";
import { chooseWeights } from "../train/choose_weights.ts";
import { compressModel, type WeightFormat } from "../train/compress_model.ts";
import { evaluate } from "../train/evaluate.ts";
import { measurement } from "../train/measurement.ts";
import { fitBest } from "../train/refit.ts";
import type { Trial } from "../train/search/trial.ts";
import { readRetail } from "./read_retail.ts";

const CASES = [
  { algorithm: "DenseSLIM", params: { reg: 100 } },
  { algorithm: "EDLAE", params: { reg: 100, dropout_p: 0.3 } },
] as const;
const FORMATS: readonly WeightFormat[] = [
  { topK: 64, per: "target", precision: "f16" },
  { topK: 128, per: "target", precision: "f32" },
  { topK: 128, per: "target", precision: "int8" },
  { topK: 512, per: "target", precision: "f16" },
];

async function main(): Promise<void> {
  Deno.chdir(new URL("..", import.meta.url).pathname);
  const { recipe: { training }, interactions, split } = await readRetail();
  const kernels = await createKernels();
  const { signal } = new AbortController();
  const random = createRandom(training.split.seed);
  const context = { kernels, events: SILENT, signal, random };
  const score = async (model: Model) => {
    const { fit, heldOut } = split;
    const options = { kernels, cutoff: training.cutoff, signal };
    return measurement(
      await evaluate(model, fit, heldOut, options),
      training.metric,
      random,
    );
  };
  print("algorithm  top_k  precision    NDCG@20     loss   artifact MB");
  for (const { algorithm, params } of CASES) {
    const trial = {
      algorithm: algorithmByName(algorithm),
      params,
      epochs: null,
    } as unknown as Trial;
    const model = await fitBest(trial, split.fit, context);
    const best = { ...trial, evaluation: await score(model) };
    const full = best.evaluation.ndcg;
    const chosen = await chooseWeights(best, split, training, context);
    const refitted = await fitBest(best, interactions.matrix, context);
    const report = (format: WeightFormat, ndcg: number, what = "") =>
      print(
        algorithm.padEnd(11) + String(format.topK ?? "all").padStart(5) +
          format.precision.padStart(11) + ndcg.toFixed(5).padStart(11) +
          `${(100 * (1 - ndcg / full)).toFixed(2)} %`.padStart(9) +
          (artifactBytes(compressModel(refitted, format)) / 1e6).toFixed(2)
            .padStart(14) +
          what,
      );
    report({ topK: null, per: "target", precision: "f32" }, full);
    report(chosen.format, chosen.score, "  by default");
    for (const format of FORMATS) {
      const { ndcg } = await score(compressModel(model, format));
      report(format, ndcg);
    }
  }
  kernels.close();

  /** All tensors of an artifact; its header is a few kilobytes more. */
  function artifactBytes(model: Model): number {
    const { users, items, matrix } = interactions;
    const recommender = new Recommender({
      model,
      users,
      items,
      seen: matrix,
      table: null,
    });
    return Object.values(recommender.tensors())
      .reduce((sum, { data }) => sum + data.byteLength, 0);
  }
}

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(line + "\n"));
}

await main();
