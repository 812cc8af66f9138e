import type { Model } from "../core/models/model.ts";
import { DenseSimilarityModel } from "../core/models/dense_similarity.ts";
import type { Training } from "../core/recipe/recipe.ts";
import { compressModel, type WeightFormat } from "./compress_model.ts";
import { evaluate } from "./evaluate.ts";
import { type Measurement, measurement } from "./measurement.ts";
import { fitBest, type RefitContext } from "./refit.ts";
import type { Trial } from "./search/trial.ts";
import type { SplitResult } from "./split.ts";

/** How the weights are kept, and what that does to the score. */
export interface KeptScore {
  readonly format: WeightFormat;
  /** Validation score of the model with the weights kept. */
  readonly score: number;
  /** All that was measured of it. */
  readonly evaluation: Measurement;
  /** Validation score of the model with all weights in single precision. */
  readonly fullScore: number;
}

/** Share of the score that `auto` may lose. */
const MOST_LOST = 0.005;
/** Weights per target that `auto` tries first; twice as many each time that it loses too much. */
const FEWEST = 128;
const VALUE_BYTES = { f32: 4, f16: 2, int8: 1 } as const;
const INDEX_BYTES = 4;

/**
 * Decides how the weights of the best trial's model are kept: as the recipe says, or as few as lose little. Fits it once
 * more on the interactions of the search, and scores what is left of it on those that were held out.
 */
export async function chooseWeights(
  best: Trial,
  split: SplitResult,
  { weights, metric, cutoff }: Training,
  context: RefitContext,
): Promise<KeptScore> {
  const { kernels, events, signal, random } = context;
  const fullScore = best.evaluation![metric];
  const all: KeptScore = {
    format: { topK: null, precision: "f32" },
    score: fullScore,
    evaluation: best.evaluation!,
    fullScore,
  };
  const { top_k } = weights;
  const precision = weights.precision === "auto" ? "f16" : weights.precision;
  const keep = async (wanted: number | "auto"): Promise<KeptScore> => {
    const model = await fitBest(best, split.fit, context);
    const measure = async (topK: number | null): Promise<KeptScore> => {
      const format = { topK, precision };
      const evaluation = await evaluate(
        compressModel(model, format),
        split.fit,
        split.heldOut,
        { kernels, cutoff, signal },
      );
      return {
        format,
        score: evaluation[metric],
        evaluation: measurement(evaluation, metric, random),
        fullScore,
      };
    };
    return wanted === "auto"
      ? await fewestThatDo(model, precision, measure) ?? all
      : await measure(wanted);
  };
  const kept = top_k === "all" ? all : await keep(top_k);
  events.info("weights_kept", {
    top_k: kept.format.topK,
    precision: kept.format.precision,
    score: kept.score,
    full_score: fullScore,
    loss: lossOf(kept),
  });
  return kept;
}

/** Null when none that take less room than all weights in single precision do. */
async function fewestThatDo(
  model: Model,
  precision: WeightFormat["precision"],
  measure: (topK: number | null) => Promise<KeptScore>,
): Promise<KeptScore | null> {
  const entry = INDEX_BYTES + VALUE_BYTES[precision];
  const room = VALUE_BYTES.f32 * model.itemCount;
  for (let topK = FEWEST; topK * entry < room; topK *= 2) {
    const kept = await measure(topK);
    if (lossOf(kept) <= MOST_LOST) return kept;
  }
  return model instanceof DenseSimilarityModel ? null : await measure(null);
}

/** Share of the score that is lost; below 0 when it is better. */
function lossOf({ score, fullScore }: KeptScore): number {
  return fullScore === 0 ? 0 : 1 - score / fullScore;
}
