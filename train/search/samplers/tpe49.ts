import type { SearchSpace } from "../../../algorithms/algorithm.ts";
import type { Sampler } from "../sampler.ts";
import { TpeSampler } from "./tpe/tpe_sampler.ts";

/**
 * The tree-structured Parzen estimator of Optuna 4.9 with its defaults: each parameter from a density of its own, blind
 * to running trials. Its suggestions are those of `TPESampler(seed)` to 1e-9.
 *
 * @param seed Integer from 0 to 2³² - 1.
 */
export function tpe49(space: SearchSpace, seed: number): Sampler {
  return new TpeSampler(space, {
    seed,
    multivariate: false,
    constantLiar: false,
  });
}
