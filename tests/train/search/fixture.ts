/**
 * Algorithms and models whose scores a test decides.
 *
 * @module
 */
import type { Algorithm, EpochRule } from "../../../algorithms/algorithm.ts";
import { PopularityModel } from "../../../core/models/popularity.ts";
import type { Model } from "../../../core/models/model.ts";
import type { SplitResult } from "../../../train/split.ts";
import { fromDense } from "../../core/kernels/matrices.ts";

const ITEMS = 64;

/** Scored every 5 epochs, 128 at most, stopped after 5 scores that are no better. */
export const EPOCHS: EpochRule = {
  param: "train_epochs",
  most: 128,
  between: 5,
  patience: 5,
};

/** One user, who has nothing, and to whom item 0 is to be found. */
export const ONE_USER: SplitResult = {
  fit: fromDense([[]], ITEMS),
  heldOut: fromDense([[1]], ITEMS),
};

/** A model that puts item 0 of {@linkcode ONE_USER} at this place of 64: its `map` is 1 / place. */
export function placing(place: number): Model {
  const scores = Float32Array.from({ length: ITEMS }, (_, item) => -item);
  scores[0] = 0.5 - place;
  return new PopularityModel(scores);
}

/** An algorithm that finds item 0 at place 1; options replace its parts. */
export function algorithm(options: Partial<Algorithm> = {}): Algorithm {
  return {
    name: "Fake",
    aliases: [],
    reference: "",
    params: { parse: (value) => value as object },
    space: {},
    cost: () => ({ bytes: 0, flops: 0 }),
    fit: () => Promise.resolve(placing(1)),
    ...options,
  };
}

/** Waits until `signal` is aborted, and fails with its reason, as a fit does. */
export async function untilStopped(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) {
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
  }
  throw signal.reason;
}
