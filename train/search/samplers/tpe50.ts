import type { SearchSpace } from "../../../algorithms/algorithm.ts";
import type { Sampler } from "../sampler.ts";
import { TpeSampler } from "./tpe/tpe_sampler.ts";

/**
 * The tree-structured Parzen estimator of Optuna 5.0 with its defaults for one objective: all parameters from one
 * density, running trials counted as bad ones.
 *
 * @param seed Integer from 0 to 2³² - 1.
 */
export function tpe50(space: SearchSpace, seed: number): Sampler {
  return new TpeSampler(space, {
    seed,
    multivariate: true,
    constantLiar: true,
  });
}
