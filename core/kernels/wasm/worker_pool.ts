import type { KernelMemory } from "../kernel_memory.ts";
import {
  AT,
  type Control,
  CONTROL_BYTES,
  controlAt,
  STATE_WORDS,
  WORKER_KERNELS,
  type WorkerMessage,
  type WorkerStart,
} from "./control.ts";

/** A kernel to run on all workers at once. */
export interface Job {
  /** Name of the kernel; one of {@linkcode WORKER_KERNELS}. */
  readonly kernel: string;
  /** Its arguments after the job's state and the worker's scratch. */
  readonly args: readonly number[];
  /** Scratch memory per worker, its content undefined. */
  readonly scratchBytes?: number;
}

/** Where a kernel gave up. */
export interface Failure {
  readonly row: number;
  readonly value: number;
}

interface Entry extends Job {
  readonly settle: {
    readonly resolve: (failure: Failure | null) => void;
    readonly reject: (reason: unknown) => void;
  };
  readonly signal: AbortSignal | undefined;
}

/**
 * Workers over one shared memory. Jobs run one after the other, each on all workers, which share it out among
 * themselves; so calls in flight at the same time do not disturb each other.
 */
export class WorkerPool {
  readonly #memory: KernelMemory;
  readonly #control: Control;
  readonly #workers: readonly Worker[];
  #queue: Entry[] = [];
  #current: Entry | null = null;
  /** Set when no more jobs can run: why. */
  #ended: Error | null = null;

  private constructor(
    memory: KernelMemory,
    control: Control,
    workers: readonly Worker[],
  ) {
    this.#memory = memory;
    this.#control = control;
    this.#workers = workers;
  }

  /**
   * Starts workers that run a module's kernels, and waits until they are ready.
   *
   * @throws {Error} If a worker cannot start, such as for want of permission to read its modules.
   */
  static async start(
    memory: KernelMemory,
    module: WebAssembly.Module,
    threads: number,
  ): Promise<WorkerPool> {
    const address = memory.take(CONTROL_BYTES);
    const control = controlAt(memory.memory, address);
    control.words.fill(0);
    const workers = Array.from(
      { length: threads },
      () =>
        new Worker(new URL("../worker.ts", import.meta.url), {
          type: "module",
        }),
    );
    const pool = new WorkerPool(memory, control, workers);
    try {
      await Promise.all(workers.map((worker, index) => {
        return pool.#greet(worker, {
          module,
          memory: memory.memory,
          control: address,
          index,
        });
      }));
    } catch (error) {
      pool.close();
      throw error;
    }
    return pool;
  }

  /** Number of workers. */
  get threads(): number {
    return this.#workers.length;
  }

  /**
   * Runs a job when those before it are done; resolves to null, or to where the kernel gave up.
   *
   * @throws The signal's reason if it is aborted, the cause if the workers have ended.
   */
  run(job: Job, signal?: AbortSignal): Promise<Failure | null> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== null) return reject(this.#ended);
      if (signal?.aborted) return reject(signal.reason);
      const cancel = () => this.#cancel(entry);
      const entry: Entry = {
        ...job,
        signal,
        settle: {
          resolve(failure) {
            signal?.removeEventListener("abort", cancel);
            resolve(failure);
          },
          reject(reason) {
            signal?.removeEventListener("abort", cancel);
            reject(reason);
          },
        },
      };
      signal?.addEventListener("abort", cancel);
      this.#queue.push(entry);
      this.#next();
    });
  }

  /** Ends the workers; calls in flight are rejected. */
  close(): void {
    this.#end(new Error("The kernels were closed"));
  }

  /** Tells a worker what it needs; resolves when it is ready. Later troubles of the worker end the pool. */
  #greet(worker: Worker, start: WorkerStart): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (message: string) => {
        const error = new Error(`A kernel worker failed: ${message}`);
        reject(error);
        this.#end(error);
      };
      worker.onmessage = ({ data }: MessageEvent<WorkerMessage>) => {
        if (data === "ready") resolve();
        else fail(data.error);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        fail(event.message);
      };
      worker.postMessage(start);
    });
  }

  #end(reason: Error): void {
    if (this.#ended !== null) return;
    this.#ended = reason;
    const { words } = this.#control;
    words[AT.kernel] = WORKER_KERNELS.indexOf("");
    Atomics.store(words, AT.cancelled, 1);
    Atomics.add(words, AT.job, 1);
    Atomics.notify(words, AT.job);
    Atomics.notify(words, AT.running);
    // They close themselves: the memory of one that is terminated at work is never given back.
    const entries = this.#queue;
    this.#queue = [];
    for (const { settle } of entries) settle.reject(reason);
    this.#current?.settle.reject(reason);
  }

  #cancel(entry: Entry): void {
    if (this.#current === entry) {
      Atomics.store(this.#control.words, AT.cancelled, 1);
      return;
    }
    this.#queue = this.#queue.filter((other) => other !== entry);
    entry.settle.reject(entry.signal!.reason);
  }

  /** Starts the next job if none runs. */
  async #next(): Promise<void> {
    while (this.#current === null && this.#ended === null) {
      const entry = this.#queue.shift();
      if (entry === undefined) return;
      this.#current = entry;
      try {
        const failure = await this.#perform(entry);
        if (entry.signal?.aborted) entry.settle.reject(entry.signal.reason);
        else entry.settle.resolve(failure);
      } catch (error) {
        entry.settle.reject(error);
      }
      this.#current = null;
    }
  }

  async #perform(job: Job): Promise<Failure | null> {
    const { words, arguments: values } = this.#control;
    const scratchBytes = Math.ceil((job.scratchBytes ?? 0) / 64) * 64;
    const scratch = this.#memory.take(scratchBytes * this.threads);
    try {
      words[AT.kernel] = WORKER_KERNELS.indexOf(job.kernel);
      words[AT.scratch] = scratch;
      words[AT.scratchBytes] = scratchBytes;
      words[AT.argumentCount] = job.args.length;
      values.set(job.args);
      words.fill(0, AT.state, AT.state + STATE_WORDS);
      Atomics.store(words, AT.running, this.threads);
      Atomics.add(words, AT.job, 1);
      Atomics.notify(words, AT.job);
      for (
        let running = this.threads;
        running > 0 && this.#ended === null;
        running = Atomics.load(words, AT.running)
      ) {
        await Atomics.waitAsync(words, AT.running, running).value;
      }
    } finally {
      // Workers that were terminated may still be writing; the memory ends with the pool.
      if (this.#ended === null) this.#memory.release(scratch);
    }
    if (words[AT.failed] === 0) return null;
    return {
      row: words[AT.failedRow]! >>> 0,
      value: new Float32Array(
        words.slice(AT.failedValue, AT.failedValue + 1).buffer,
      )[0]!,
    };
  }
}
