/**
 * How the main thread and its workers speak: a few words of shared memory. Waking a worker through them takes less
 * time than a message, and a worker that runs a kernel could not receive one.
 *
 * @module
 */

/** The kernels that workers run, by number; 0 ends the worker. */
export const WORKER_KERNELS: readonly string[] = [
  "",
  "gram",
  "gramRows",
  "graphFilter",
  "ials",
  "ialsBlock",
  "largestPerRow",
  "localRidge",
  "nonNegative",
  "packItems",
  "packRight",
  "pad",
  "pairwise",
  "product",
  "rankDense",
  "rankFactors",
  "rankSparse",
  "similarity",
  "slim",
  "sparseTimesDense",
  "sweepPanel",
  "sweepPivot",
  "sweepUpdate",
];

/** Most arguments of a kernel. */
const MOST_ARGUMENTS = 24;
/** Words before the arguments; each of those that threads contend for has a cache line of its own. */
const WORDS = 112;

/** Positions among the words. */
export const AT = {
  /** Counts jobs; workers wait for it to change. */
  job: 0,
  kernel: 1,
  argumentCount: 2,
  scratch: 3,
  scratchBytes: 4,
  /** Workers that have not finished the job; the main thread waits for it to change. */
  running: 16,
  /** What the kernels share: the next unit of work, and on lines of their own: cancelled, finished, failed. */
  state: 32,
  cancelled: 48,
  failed: 80,
  failedRow: 81,
  failedValue: 82,
} as const;

/** Words from {@linkcode AT}`.state` that start each job as 0. */
export const STATE_WORDS: number = 64;

/** Bytes of the words and the arguments together. */
export const CONTROL_BYTES: number = 4 * WORDS + 8 * MOST_ARGUMENTS;

/** Views of the control words and the kernel's arguments. */
export interface Control {
  readonly words: Int32Array;
  readonly arguments: Float64Array;
}

/** The control words at an address of the shared memory. */
export function controlAt(
  memory: WebAssembly.Memory,
  address: number,
): Control {
  return {
    words: new Int32Array(memory.buffer, address, WORDS),
    arguments: new Float64Array(
      memory.buffer,
      address + 4 * WORDS,
      MOST_ARGUMENTS,
    ),
  };
}

/** What a worker is told when it starts. */
export interface WorkerStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Address of the control words. */
  readonly control: number;
  /** Which worker this is, from 0. */
  readonly index: number;
}

/** What a worker tells: that it is ready, or what went wrong. */
export type WorkerMessage = "ready" | { readonly error: string };
