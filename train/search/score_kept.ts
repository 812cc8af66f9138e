import type { Model } from "../../core/models/model.ts";
import type { KeptWeights, Training } from "../../core/recipe/recipe.ts";
import { compressModel } from "../compress_model.ts";
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
  for (const { per, numbers } of tried(weights)) {
    let kept = model;
    for (const topK of numbers) {
      kept = compressModel(kept, { topK, per, precision: "f32" });
      const evaluation = await score(kept);
      if (best === null || evaluation[metric] > best[metric]) best = evaluation;
    }
  }
  return best ?? await score(model);
}

/** Numbers of weights, falling: fewer of them are taken from those before. */
function tried(
  { top_k }: KeptWeights,
): Iterable<{ per: "target" | "source"; numbers: readonly number[] }> {
  if (top_k === "all") return [];
  return top_k === "auto"
    ? [
      { per: "target", numbers: [128, 16] },
      { per: "source", numbers: [256] },
    ]
    : [
      { per: "target", numbers: [top_k] },
      { per: "source", numbers: [top_k] },
    ];
}
