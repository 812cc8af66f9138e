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
  /** Validation score of the model with all weights that the fit gives, in single precision. */
  readonly fullScore: number;
}

/** Share of the best score that `auto` gives up for a smaller model. */
const MOST_LOST = 0.005;
/** A rise of the score by a smaller share is none. */
const LEAST_RISE = 0.001;
/** Weights per item that `auto` tries first, then twice as many each time. */
const FEWEST = 16;
const VALUE_BYTES = { f32: 4, f16: 2, int8: 1 } as const;
const INDEX_BYTES = 4;

const ALL: WeightFormat = { topK: null, per: "target", precision: "f32" };
const WAYS = ["target", "source"] as const;

type Measure = (format: WeightFormat) => Promise<KeptScore>;

/**
 * Decides how the weights of the best trial's model are kept: as the recipe says, or as few as do next to best, which may
 * be better than all: small weights are mostly noise. Unless all are kept, fits it once more on the interactions of the
 * search, and scores what is left of it on those that were held out.
 */
export async function chooseWeights(
  best: Trial,
  split: SplitResult,
  { weights, metric, cutoff }: Training,
  context: RefitContext,
): Promise<KeptScore> {
  const { kernels, events, signal, random } = context;
  const { top_k } = weights;
  if (top_k === "all") {
    // The trial was scored with all of them.
    const evaluation = best.evaluation!;
    const score = evaluation[metric];
    return tell({ format: ALL, score, evaluation, fullScore: score });
  }
  const model = await fitBest(best, split.fit, context);
  const score = async (compressed: Model): Promise<Measurement> => {
    const { fit, heldOut } = split;
    const options = { kernels, cutoff, signal };
    const evaluation = await evaluate(compressed, fit, heldOut, options);
    return measurement(evaluation, metric, random);
  };
  const full = await score(model);
  const fullScore = full[metric];
  const all = { format: ALL, score: fullScore, evaluation: full, fullScore };
  const measure = async (format: WeightFormat): Promise<KeptScore> => {
    const evaluation = await score(compressModel(model, format));
    return { format, score: evaluation[metric], evaluation, fullScore };
  };
  const precision = weights.precision === "auto" ? "f16" : weights.precision;
  return tell(smallestOfBest(
    top_k === "auto" ? [all, ...await climb(model, precision, measure)] : [
      await measure({ topK: top_k, per: "target", precision }),
      await measure({ topK: top_k, per: "source", precision }),
    ],
  ));

  function tell(kept: KeptScore): KeptScore {
    events.info("weights_kept", {
      top_k: kept.format.topK,
      per: kept.format.per,
      precision: kept.format.precision,
      score: kept.score,
      full_score: kept.fullScore,
      loss: lossOf(kept),
    });
    return kept;
  }
}

/** More and more weights, until that is no better and they are as good as all, or take as much room. */
async function climb(
  model: Model,
  precision: WeightFormat["precision"],
  measure: Measure,
): Promise<KeptScore[]> {
  const tried: KeptScore[] = [];
  if (!(model instanceof DenseSimilarityModel)) {
    tried.push(await measure({ ...ALL, precision }));
  }
  const entry = INDEX_BYTES + VALUE_BYTES[precision];
  const room = VALUE_BYTES.f32 * model.itemCount;
  for (const per of WAYS) {
    let before = -Infinity;
    for (let topK = FEWEST; topK * entry < room; topK *= 2) {
      const kept = await measure({ topK, per, precision });
      tried.push(kept);
      const rises = kept.score > before + LEAST_RISE * Math.abs(before);
      if (lossOf(kept) <= MOST_LOST && !rises) break;
      before = kept.score;
    }
  }
  return tried;
}

/** Of those that are next to best, the one with the fewest weights; of equally many the better one. */
function smallestOfBest(tried: readonly KeptScore[]): KeptScore {
  const best = Math.max(...tried.map(({ score }) => score));
  const size = ({ format }: KeptScore) => format.topK ?? Infinity;
  return tried
    .filter(({ score }) => score >= (1 - MOST_LOST) * best)
    .reduce((a, b) =>
      size(b) < size(a) || size(b) === size(a) && b.score > a.score ? b : a
    );
}

/** Share of the score of all weights that is lost; below 0 when it is better. */
function lossOf({ score, fullScore }: KeptScore): number {
  return fullScore === 0 ? 0 : 1 - score / fullScore;
}
