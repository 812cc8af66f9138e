import { RecotemError } from "../core/errors.ts";
import type { Events } from "../core/config/events.ts";
import type { Csr } from "../core/kernels/csr.ts";
import type { Kernels } from "../core/kernels/kernels.ts";
import type { Random } from "../core/kernels/random.ts";
import type { Model } from "../core/models/model.ts";
import { createSharedWork } from "./search/shared_work.ts";
import { className, learntParams, type Trial } from "./search/trial.ts";

/** What is learned: an algorithm with parameters and the number of epochs that a trial found best. */
export type Learner = Pick<Trial, "algorithm" | "params" | "epochs">;

/** What {@linkcode refit} works with. */
export interface RefitContext {
  readonly kernels: Kernels;
  readonly events: Events;
  readonly signal: AbortSignal;
  /** The stream that the search's fits drew from. */
  readonly random: Random;
}

/**
 * Learns the best trial's model again, on all interactions.
 *
 * @throws {RecotemError} `final_training_error` when the fit fails.
 */
export async function refit(
  best: Trial,
  matrix: Csr,
  context: RefitContext,
): Promise<Model> {
  const { events, signal } = context;
  events.info("training_final_model", { recommender: className(best) });
  try {
    const model = await fitBest(best, matrix, context);
    events.info("final_model_trained", { recommender: className(best) });
    return model;
  } catch (cause) {
    signal.throwIfAborted();
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new RecotemError(
      "final_training_error",
      `Training the final ${best.algorithm.name} model failed: ${problem}`,
      { cause },
    );
  }
}

/** Learns the model of a trial on a matrix, with the stream that its first fit drew from. */
export async function fitBest(
  best: Learner,
  matrix: Csr,
  { kernels, events, signal, random }: RefitContext,
): Promise<Model> {
  return await best.algorithm.fit(
    matrix,
    best.algorithm.params.parse(learntParams(best)),
    {
      kernels,
      random: random.fork(best.algorithm.name),
      signal,
      shared: createSharedWork(),
      warn: events.warn,
    },
  );
}
