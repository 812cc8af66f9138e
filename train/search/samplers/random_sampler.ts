import type { SearchSpace } from "../../../algorithms/algorithm.ts";
import type { Random } from "../../../core/kernels/random.ts";
import { drawParams } from "../draw.ts";
import type { Sampler } from "../sampler.ts";

/** Draws every trial uniformly, whatever came of the others. */
export function randomSampler(space: SearchSpace, random: Random): Sampler {
  return { ask: () => drawParams(space, random) };
}
