import { pairwiseSum } from "./pairwise_sum.ts";

/** The newest observations, which weigh in full. */
const FULL = 25;

/**
 * Weights of the kernels of `observations` observations, oldest first, and of the prior, which is the last; their sum is
 * 1. With 25 observations and more the older ones weigh less, on a ramp that begins at 1/n.
 *
 * Bergstra et al., Making a science of model search, ICML 2013, as in Optuna 4.9.
 */
export function kernelWeights(observations: number): Float64Array {
  const weights = new Float64Array(observations + 1).fill(1);
  const ramp = Math.max(0, observations - FULL);
  const first = 1 / observations;
  for (let n = 0; n < ramp; n++) {
    weights[n] = n > 0 && n === ramp - 1
      ? 1
      : n * ((1 - first) / Math.max(1, ramp - 1)) + first;
  }
  const sum = pairwiseSum(weights);
  return weights.map((weight) => weight / sum);
}
