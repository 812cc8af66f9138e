import type { SearchSpace } from "../../algorithms/algorithm.ts";
import type { Sampler } from "./sampler.ts";
import { doubling } from "./samplers/doubling.ts";
import { goldenSection } from "./samplers/golden_section.ts";
import { tpe50 } from "./samplers/tpe50.ts";

/** Options of {@linkcode createSampler}. */
export interface SamplerOptions {
  /** Integer from 0 to 2³² - 1. */
  readonly seed: number;
  /** About how many trials there will be. */
  readonly trials: number;
}

/** The first number of components that is tried; Rendle et al. 2022 begin there too. */
const FIRST_COMPONENTS = 32;

/**
 * What chooses the trials of a space: nothing to search is tried once, one numeric parameter by golden section, models
 * with components by doubling them, all others by the tree-structured Parzen estimator.
 */
export function createSampler(
  space: SearchSpace,
  { seed, trials }: SamplerOptions,
): Sampler {
  const dimensions = Object.values(space);
  const [first] = dimensions;
  if (first === undefined) return ONCE;
  if (dimensions.length === 1 && first.type !== "categorical") {
    return goldenSection(space);
  }
  const { n_components: components } = space;
  if (components?.type !== "int" || components.high < FIRST_COMPONENTS) {
    return tpe50(space, seed);
  }
  const steps = Math.floor(Math.log2(components.high / FIRST_COMPONENTS));
  const initialTrials = steps === 0 ? trials : Math.ceil(trials / 2);
  return doubling(space, {
    seed,
    first: FIRST_COMPONENTS,
    initialTrials,
    followingTrials: Math.max(1, Math.ceil((trials - initialTrials) / steps)),
  });
}

const ONCE: Sampler = { ask: (trials) => trials.length === 0 ? {} : null };
