import type { Algorithm, SharedWork } from "../../algorithms/algorithm.ts";
import { shapeOf } from "../../algorithms/shape_of.ts";
import type { Csr } from "../../core/kernels/csr.ts";
import type { Kernels } from "../../core/kernels/kernels.ts";
import type { Random } from "../../core/kernels/random.ts";
import { loadModel } from "../../core/models/load_model.ts";
import type { Model } from "../../core/models/model.ts";
import type { KeptWeights, Training } from "../../core/recipe/recipe.ts";
import { evaluate, type EvaluationByUser } from "../evaluate.ts";
import { measurement } from "../measurement.ts";
import { EarlyStopping } from "./early_stopping.ts";
import { scoreKept } from "./score_kept.ts";
import { trialParams } from "./trial_params.ts";
import type { TrialJob, TrialOutcome, TrialProgress } from "./trial_job.ts";

/** What a trial works with. */
export interface TrialContext {
  readonly fit: Csr;
  readonly heldOut: Csr;
  /** The part of it that iterative learners are watched by; scores of trials are those of all of it. */
  readonly watched: Csr;
  readonly metric: Training["metric"];
  readonly cutoff: number;
  readonly weights: KeptWeights;
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
  context.kernels.memory.takePeak();
  const stopping = new EarlyStopping<EvaluationByUser>(
    algorithm,
    context.metric,
  );
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
  const peakBytes = context.kernels.memory.takePeak();
  return {
    ...outcome,
    ...(peakBytes !== null && { peakBytes }),
    epochs: stopping.best?.epoch ?? null,
    curve: stopping.curve,
    seconds: (performance.now() - started) / 1000,
  };
}

async function fitAndScore(
  algorithm: Algorithm,
  { params: drawn, hopelessBelow }: Pick<TrialJob, "params" | "hopelessBelow">,
  stopping: EarlyStopping<EvaluationByUser>,
  context: TrialContext,
): Promise<Pick<TrialOutcome, "state" | "evaluation">> {
  const { fit, heldOut, watched, kernels, cutoff, signal } = context;
  const score = (model: Model, users: Csr) =>
    evaluate(model, fit, users, { kernels, cutoff, signal });
  const { epochs } = algorithm;
  const params = trialParams(algorithm, drawn);
  const shape = shapeOf(fit);
  let pruned = false;
  let best: Model | null = null;
  const model = await algorithm.fit(fit, params, {
    kernels,
    random: context.random.fork(algorithm.name),
    signal,
    shared: context.shared,
    warn: context.warn,
    ...(epochs && {
      async epoch(n: number, current: () => Model) {
        if (!stopping.isDue(n)) return "go on";
        const model = current();
        const next = stopping.record(n, await score(model, watched));
        const { epoch, evaluation } = stopping.best!;
        if (epoch === n && watched !== heldOut) best = copyModel(model, shape);
        context.progress({
          evaluation,
          epochs: epoch,
          curve: stopping.curve,
        });
        // Comparisons with NaN are false; a score that is none is hopeless where there is anything to compare with.
        pruned = next === "go on" && hopelessBelow.has(n) &&
          !(evaluation[context.metric] >= hopelessBelow.get(n)!);
        return pruned ? "stop" : next;
      },
    }),
  });
  const known = pruned || watched === heldOut
    ? stopping.best?.evaluation
    : null;
  const evaluation = known ??
    (algorithm.weights
      ? await scoreKept(model, context, (kept) => score(kept, heldOut))
      : await score(best ?? model, heldOut));
  return {
    state: pruned ? "pruned" : "complete",
    evaluation: measurement(evaluation, context.metric, context.random),
  };
}

/** A model of its own, which further epochs leave as it is. */
function copyModel(
  model: Model,
  { users, items }: { readonly users: number; readonly items: number },
): Model {
  const tensors = Object.entries(model.tensors()).map(([name, tensor]) => [
    name,
    { ...tensor, data: tensor.data.slice() },
  ]);
  return loadModel(model.kind, Object.fromEntries(tensors), { users, items });
}
