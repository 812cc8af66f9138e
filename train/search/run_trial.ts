import type { Algorithm, SharedWork } from "../../algorithms/algorithm.ts";
import type { Csr } from "../../core/kernels/csr.ts";
import type { Kernels } from "../../core/kernels/kernels.ts";
import type { Random } from "../../core/kernels/random.ts";
import type { Training } from "../../core/recipe/recipe.ts";
import { evaluate } from "../evaluate.ts";
import { EarlyStopping } from "./early_stopping.ts";
import { trialParams } from "./trial_params.ts";
import type { TrialJob, TrialOutcome, TrialProgress } from "./trial_job.ts";

/** What a trial works with. */
export interface TrialContext {
  readonly fit: Csr;
  readonly heldOut: Csr;
  readonly metric: Training["metric"];
  readonly cutoff: number;
  readonly kernels: Kernels;
  readonly shared: SharedWork;
  /** Each algorithm takes a stream of its own. */
  readonly random: Random;
  readonly signal: AbortSignal;
  /** Tells what deserves a look. */
  warn(event: string, fields: Readonly<Record<string, unknown>>): void;
  /** Told after each epoch that was scored. */
  progress(progress: TrialProgress): void;
}

/**
 * Fits and scores one set of parameters. An error of the fit is the trial's outcome, not an error of the search.
 *
 * @throws The reason of the context's signal when it is aborted.
 */
export async function runTrial(
  algorithm: Algorithm,
  job: Pick<TrialJob, "params" | "hopelessBelow">,
  context: TrialContext,
): Promise<TrialOutcome> {
  context.signal.throwIfAborted();
  const started = performance.now();
  const stopping = new EarlyStopping(algorithm, context.metric);
  let outcome: Pick<TrialOutcome, "state" | "evaluation" | "error">;
  try {
    outcome = {
      ...await fitAndScore(algorithm, job, stopping, context),
      error: null,
    };
  } catch (cause) {
    context.signal.throwIfAborted();
    const error = cause instanceof Error ? cause.message : String(cause);
    outcome = { state: "failed", evaluation: null, error };
  }
  return {
    ...outcome,
    epochs: stopping.best?.epoch ?? null,
    curve: stopping.curve,
    seconds: (performance.now() - started) / 1000,
  };
}

async function fitAndScore(
  algorithm: Algorithm,
  { params: drawn, hopelessBelow }: Pick<TrialJob, "params" | "hopelessBelow">,
  stopping: EarlyStopping,
  context: TrialContext,
): Promise<Pick<TrialOutcome, "state" | "evaluation">> {
  const { fit, heldOut, kernels, cutoff, signal } = context;
  const { epochs } = algorithm;
  const params = trialParams(algorithm, drawn);
  let pruned = false;
  const model = await algorithm.fit(fit, params, {
    kernels,
    random: context.random.fork(algorithm.name),
    signal,
    shared: context.shared,
    warn: context.warn,
    ...(epochs && {
      async epoch(n: number, current: () => Parameters<typeof evaluate>[0]) {
        if (!stopping.isDue(n)) return "go on";
        const evaluation = await evaluate(current(), fit, heldOut, {
          kernels,
          cutoff,
          signal,
        });
        const next = stopping.record(n, evaluation);
        const best = stopping.best!;
        context.progress({
          evaluation: best.evaluation,
          epochs: best.epoch,
          curve: stopping.curve,
        });
        // Comparisons with NaN are false; a score that is none is hopeless where there is anything to compare with.
        pruned = next === "go on" && hopelessBelow.has(n) &&
          !(best.evaluation[context.metric] >= hopelessBelow.get(n)!);
        return pruned ? "stop" : next;
      },
    }),
  });
  return {
    state: pruned ? "pruned" : "complete",
    evaluation: stopping.best?.evaluation ??
      await evaluate(model, fit, heldOut, { kernels, cutoff, signal }),
  };
}
