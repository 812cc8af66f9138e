import { createRandom } from "../../core/kernels/create_random.ts";
import { measurement } from "../measurement.ts";
import { timerMilliseconds } from "./_timer_milliseconds.ts";
import type {
  TrialJob,
  TrialOutcome,
  TrialProgress,
  TrialReply,
  TrialRequest,
  TrialSetting,
} from "./trial_job.ts";

/** How one trial is to be run. */
export interface RunOptions {
  /** The trial is ended after this time, which begins once it has a worker; null: it may take as long as it wants. */
  readonly timeoutSeconds: number | null;
  /** Ends the trial at once. */
  readonly signal: AbortSignal;
  /** Tells what deserves a look. */
  warn(event: string, fields: Readonly<Record<string, unknown>>): void;
}

/** Kernels look for a stop several times as often. */
const GRACE_MS = 500;

/** What every trial of a pool works with. */
export interface PoolSetting extends Omit<TrialSetting, "threads"> {
  /** Kernel threads of each worker that runs at once; one more worker would get one thread. */
  readonly threads: readonly number[];
}

/** A worker and what it does. */
interface Slot {
  readonly worker: Worker;
  readonly threads: number;
  readonly ready: Promise<void>;
}

/**
 * Workers that run trials, as many at once as asked for. A trial that takes too long, or is to stop, is ended together
 * with its worker, whatever it is doing: its memory goes with it, and the next trial gets a new worker.
 */
export class TrialPool implements AsyncDisposable {
  readonly #setting: PoolSetting;
  /** Threads that no worker has. */
  readonly #threads: number[];
  readonly #idle: Slot[] = [];
  readonly #all = new Set<Slot>();

  /** Starts no worker before there is a trial for it. */
  constructor(setting: PoolSetting) {
    this.#setting = share(setting);
    this.#threads = [...setting.threads];
  }

  /**
   * Runs a trial.
   *
   * @throws The reason of the signal when it is aborted.
   */
  async run(job: TrialJob, options: RunOptions): Promise<TrialOutcome> {
    const { signal, timeoutSeconds } = options;
    signal.throwIfAborted();
    const started = performance.now();
    const slot = this.#idle.pop() ?? this.#start();
    const progress: { last: TrialProgress | null } = { last: null };
    const end = Promise.withResolvers<"timeout" | "abort">();
    const abort = () => end.resolve("abort");
    signal.addEventListener("abort", abort, { once: true });
    let timer: ReturnType<typeof setTimeout> | undefined;
    function startTimer(): void {
      if (timeoutSeconds === null) return;
      const milliseconds = timerMilliseconds(timeoutSeconds);
      timer = setTimeout(() => end.resolve("timeout"), milliseconds);
    }
    try {
      const outcome = await Promise.race([
        slot.ready.then(() => {
          startTimer();
          return this.#perform(slot, job, progress, options);
        }),
        end.promise,
      ]);
      if (typeof outcome === "object") {
        this.#idle.push(slot);
        return outcome;
      }
      await this.#end(slot);
      if (outcome === "abort") throw signal.reason;
      return this.#unfinished(
        `Stopped after per_trial_timeout_seconds, ${timeoutSeconds} s`,
        progress.last,
        started,
      );
    } catch (error) {
      await this.#end(slot);
      signal.throwIfAborted();
      const message = error instanceof Error ? error.message : String(error);
      return this.#unfinished(message, null, started);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    }
  }

  /** Ends all workers. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(Array.from(this.#all, (slot) => this.#end(slot)));
  }

  #start(): Slot {
    const worker = new Worker(new URL("./trial_worker.ts", import.meta.url), {
      type: "module",
    });
    const ready = Promise.withResolvers<void>();
    const threads = this.#threads.shift() ?? 1;
    const slot = { worker, threads, ready: ready.promise };
    // Whoever waits for the worker is told; nobody may be waiting yet.
    slot.ready.catch(() => {});
    this.#all.add(slot);
    listen(worker, ({ type }) => {
      if (type === "ready") ready.resolve();
    }, ready.reject);
    this.#post(worker, {
      type: "start",
      setting: { ...this.#setting, threads },
    });
    return slot;
  }

  async #perform(
    { worker }: Slot,
    job: TrialJob,
    progress: { last: TrialProgress | null },
    { warn }: RunOptions,
  ): Promise<TrialOutcome> {
    const done = Promise.withResolvers<TrialOutcome>();
    listen(worker, (reply) => {
      if (reply.type === "progress") progress.last = reply.progress;
      else if (reply.type === "warning") warn(reply.event, reply.fields);
      else if (reply.type === "done") done.resolve(reply.outcome);
    }, done.reject);
    this.#post(worker, { type: "run", job });
    return await done.promise;
  }

  #unfinished(
    error: string,
    progress: TrialProgress | null,
    started: number,
  ): TrialOutcome {
    const { metric, seed } = this.#setting;
    return {
      state: progress ? "pruned" : "failed",
      evaluation: progress &&
        measurement(
          progress.evaluation,
          metric,
          createRandom(seed).fork("fits"),
        ),
      epochs: progress?.epochs ?? null,
      curve: progress?.curve ?? new Map(),
      seconds: (performance.now() - started) / 1000,
      error,
    };
  }

  #post(worker: Worker, request: TrialRequest): void {
    worker.postMessage(request);
  }

  /** Lets a worker stop by itself for a moment: the memory of one that is terminated at work is never given back. */
  async #end(slot: Slot): Promise<void> {
    if (!this.#all.delete(slot)) return;
    const { worker, threads } = slot;
    const stopped = Promise.withResolvers<void>();
    listen(worker, ({ type }) => {
      if (type === "stopped") stopped.resolve();
    }, () => stopped.resolve());
    this.#post(worker, { type: "stop" });
    const timer = setTimeout(stopped.resolve, GRACE_MS);
    await stopped.promise;
    clearTimeout(timer);
    worker.terminate();
    this.#threads.unshift(threads);
  }
}

/** Hears what a worker says from now on, and its failures. */
function listen(
  worker: Worker,
  hear: (reply: TrialReply) => void,
  fail: (error: Error) => void,
): void {
  worker.onmessage = ({ data }: MessageEvent<TrialReply>) => {
    if (data.type === "broken") fail(new Error(data.error));
    else hear(data);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    fail(new Error(event.message));
  };
}

/** The setting with its matrices in shared memory, so that workers do not copy them. */
function share(setting: PoolSetting): PoolSetting {
  const [fit, heldOut] = [setting.fit, setting.heldOut].map((matrix) => ({
    ...matrix,
    indptr: shared(matrix.indptr, Uint32Array),
    indices: shared(matrix.indices, Uint32Array),
    values: shared(matrix.values, Float32Array),
  }));
  return { ...setting, fit: fit!, heldOut: heldOut! };
}

function shared<T extends Uint32Array | Float32Array>(
  array: T,
  kind: new (buffer: SharedArrayBuffer) => T,
): T {
  const copy = new kind(new SharedArrayBuffer(array.byteLength));
  copy.set(array);
  return copy;
}
