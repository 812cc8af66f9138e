import { topPop } from "../algorithms/top_pop.ts";
import { createReferenceKernels } from "../core/kernels/create_reference_kernels.ts";
import type { Training } from "../core/recipe/recipe.ts";
import { fitAndScore } from "./fit_and_score.ts";
import type { Measurement } from "./measurement.ts";
import type { RefitContext } from "./refit.ts";
import type { SplitResult } from "./split.ts";

/**
 * Scores the list of the most popular items: what any model must be better than. O(non-zeros + users · cutoff), a few
 * milliseconds where a trial takes seconds.
 */
export async function scorePopularity(
  split: SplitResult,
  training: Training,
  context: Omit<RefitContext, "kernels">,
): Promise<Measurement> {
  return await fitAndScore(
    { algorithm: topPop, params: {}, epochs: null },
    split,
    null,
    training,
    // TopPop computes nothing that takes kernels.
    { ...context, kernels: createReferenceKernels() },
  );
}
