import type { Model } from "../../core/models/model.ts";
import type { KeptWeights, Training } from "../../core/recipe/recipe.ts";
import { compressModel, type WeightFormat } from "../compress_model.ts";
import type { EvaluationByUser } from "../evaluate.ts";

/**
 * The score of a model of which an artifact holds the largest weights: the best of a few ways to keep them. Which are the
 * best parameters depends on it: fewer weights go with a weaker penalty.
 */
export async function scoreKept(
  model: Model,
  { weights, metric }: Pick<Training, "metric" | "weights">,
  score: (kept: Model) => Promise<EvaluationByUser>,
): Promise<EvaluationByUser> {
  let best: EvaluationByUser | null = null;
  for (const format of formats(weights)) {
    const evaluation = await score(compressModel(model, format));
    if (best === null || evaluation[metric] > best[metric]) best = evaluation;
  }
  return best ?? await score(model);
}

function formats({ top_k }: KeptWeights): WeightFormat[] {
  if (top_k === "all") return [];
  const precision = "f32";
  if (top_k !== "auto") {
    return [
      { topK: top_k, per: "target", precision },
      { topK: top_k, per: "source", precision },
    ];
  }
  return [
    { topK: 16, per: "target", precision },
    { topK: 128, per: "target", precision },
    { topK: 256, per: "source", precision },
  ];
}
