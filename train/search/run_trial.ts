import type { FitContext, SharedWork } from "../../algorithms/algorithm.ts";
import { RecotemError } from "../../core/errors.ts";
import type { Kernels } from "../../core/kernels/kernels.ts";
import type { Random } from "../../core/kernels/random.ts";
import type { Training } from "../../core/recipe/recipe.ts";
import { evaluate } from "../evaluate.ts";
import type { SplitResult } from "../split.ts";
import { EarlyStopping, EPOCHS } from "./early_stopping.ts";
import type { MedianPruner } from "./median_pruner.ts";
import { timeLimit } from "./time_limit.ts";
import type { PlannedTrial, Trial } from "./trial.ts";

/** What every trial of a search works with. */
export interface TrialContext {
  readonly split: SplitResult;
  readonly training: Training;
  readonly kernels: Kernels;
  readonly shared: SharedWork;
  readonly random: Random;
  readonly pruner: MedianPruner;
  warn: FitContext["warn"];
}

/** Kernels work in one 32-bit memory; a fit that needs more is refused before it starts. */
const MEMORY_BYTES = 2 ** 32;

/**
 * Fits and scores one set of parameters. An error of the fit is the trial's, not the search's: the trial is marked and
 * the search goes on.
 *
 * @throws The reason of `signal` when the whole search is to stop.
 */
export async function runTrial(
  planned: PlannedTrial,
  context: TrialContext,
  signal: AbortSignal,
): Promise<Trial> {
  signal.throwIfAborted();
  const started = performance.now();
  const limit = context.training.per_trial_timeout_seconds;
  const timeout = timeLimit(limit);
  const stopping = new EarlyStopping(context.training.metric);
  let outcome: Pick<Trial, "state" | "evaluation" | "error">;
  try {
    const scored = await fitAndScore(
      planned,
      context,
      timeout ? AbortSignal.any([signal, timeout]) : signal,
      stopping,
    );
    outcome = { ...scored, error: null };
  } catch (cause) {
    signal.throwIfAborted();
    const error = cause instanceof Error ? cause : new Error(String(cause));
    const evaluation = stopping.best?.evaluation ?? null;
    outcome = timeout?.aborted
      ? {
        state: evaluation ? "pruned" : "failed",
        evaluation,
        error: new Error(
          `Stopped after per_trial_timeout_seconds, ${limit} s`,
        ),
      }
      : { state: "failed", evaluation: null, error };
  }
  return {
    ...planned,
    ...outcome,
    epochs: stopping.best?.epoch ?? null,
    seconds: (performance.now() - started) / 1000,
  };
}

async function fitAndScore(
  { algorithm, params: drawn }: PlannedTrial,
  { split: { fit, heldOut }, training, kernels, shared, random, pruner, warn }:
    TrialContext,
  signal: AbortSignal,
  stopping: EarlyStopping,
): Promise<Pick<Trial, "state" | "evaluation">> {
  let pruned = false;
  const score = (model: Parameters<typeof evaluate>[0]) =>
    evaluate(model, fit, heldOut, {
      kernels,
      cutoff: training.cutoff,
      signal,
    });
  const params = algorithm.params.parse({
    ...drawn,
    ...(algorithm.epochs && { [algorithm.epochs]: EPOCHS.most }),
  });
  refuseCost(
    algorithm.cost({
      users: fit.rows,
      items: fit.cols,
      nonZeros: fit.indices.length,
    }, params).bytes,
  );
  const model = await algorithm.fit(fit, params, {
    kernels,
    random: random.fork(algorithm.name),
    signal,
    shared,
    warn,
    ...(algorithm.epochs && {
      async epoch(n: number, current) {
        if (!stopping.isDue(n)) return "go on";
        const next = stopping.record(n, await score(current()));
        const best = stopping.best!.evaluation[training.metric];
        pruned = next === "go on" &&
          pruner.isHopeless(algorithm.name, n, best);
        return pruned ? "stop" : next;
      },
    } satisfies Partial<FitContext>),
  });
  if (algorithm.epochs && !pruned) {
    pruner.finish(algorithm.name, stopping.scores);
  }
  return {
    state: pruned ? "pruned" : "complete",
    evaluation: stopping.best?.evaluation ?? await score(model),
  };
}

function refuseCost(bytes: number): void {
  if (bytes <= MEMORY_BYTES) return;
  throw new RecotemError(
    "training_error",
    `Needs ${(bytes / 2 ** 30).toFixed(1)} GiB, more than the ${
      MEMORY_BYTES / 2 ** 30
    } GiB that a fit may use`,
  );
}
