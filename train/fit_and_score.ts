import type { Training } from "../core/recipe/recipe.ts";
import { compressModel, type WeightFormat } from "./compress_model.ts";
import { evaluate } from "./evaluate.ts";
import { type Measurement, measurement } from "./measurement.ts";
import { fitBest, type Learner, type RefitContext } from "./refit.ts";
import type { SplitResult } from "./split.ts";

/**
 * Learns a model on one side of a split and scores it on the other, as a trial does.
 *
 * @param format How its weights are kept; null for models of other kinds than those with a weight for every pair of items.
 */
export async function fitAndScore(
  learner: Learner,
  { fit, heldOut }: SplitResult,
  format: WeightFormat | null,
  { metric, cutoff }: Pick<Training, "metric" | "cutoff">,
  context: RefitContext,
): Promise<Measurement> {
  const { kernels, signal, random } = context;
  const fitted = await fitBest(learner, fit, context);
  const model = format ? compressModel(fitted, format) : fitted;
  const options = { kernels, cutoff, signal };
  return measurement(
    await evaluate(model, fit, heldOut, options),
    metric,
    random,
  );
}
