import type { Algorithm, MatrixShape } from "../../algorithms/algorithm.ts";
import type { EventFields } from "../../core/config/events.ts";
import type { Training } from "../../core/recipe/recipe.ts";
import { estimate } from "./estimate.ts";

/** What the event `search_started` tells: what is searched, and what the trials of each algorithm are expected to take. */
export function searchPlan(
  training: Training,
  algorithms: readonly Algorithm[],
  shape: MatrixShape,
): EventFields {
  const estimates = algorithms.map((algorithm) => ({
    name: algorithm.name,
    ...estimate(algorithm, shape),
  }));
  return {
    algorithms: training.algorithms,
    n_trials: training.n_trials,
    metric: training.metric,
    cutoff: training.cutoff,
    parallelism: training.parallelism,
    timeout_seconds: training.timeout_seconds,
    bytes: Object.fromEntries(
      estimates.map(({ name, bytes }) => [name, bytes]),
    ),
    flops: Object.fromEntries(
      estimates.map(({ name, flops }) => [name, flops]),
    ),
  };
}
