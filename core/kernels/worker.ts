/**
 * A worker of the kernel pool: waits for a job in shared memory, runs its kernel, tells that it finished.
 *
 * Permissions: none beyond reading its own modules.
 *
 * @module
 */
/// <reference lib="deno.worker" />
import {
  AT,
  controlAt,
  WORKER_KERNELS,
  type WorkerMessage,
  type WorkerStart,
} from "./wasm/control.ts";

type Kernel = (...args: number[]) => void;

function tell(message: WorkerMessage): void {
  self.postMessage(message);
}

/** Runs jobs until the job is to end. While it waits the thread sleeps, and receives no messages. */
function work({ module, memory, control, index }: WorkerStart): void {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const { words, arguments: values } = controlAt(memory, control);
  const state = control + 4 * AT.state;
  let job = Atomics.load(words, AT.job);
  tell("ready");
  for (;;) {
    Atomics.wait(words, AT.job, job);
    const next = Atomics.load(words, AT.job);
    if (next === job) continue;
    job = next;
    const name = WORKER_KERNELS[words[AT.kernel]!]!;
    if (name === "") return;
    const scratch = (words[AT.scratch]! >>> 0) +
      index * (words[AT.scratchBytes]! >>> 0);
    (exports[name] as Kernel)(
      state,
      scratch,
      ...values.subarray(0, words[AT.argumentCount]),
    );
    if (Atomics.sub(words, AT.running, 1) === 1) {
      Atomics.notify(words, AT.running);
    }
  }
}

self.onmessage = (event: MessageEvent<WorkerStart>): void => {
  try {
    work(event.data);
  } catch (error) {
    tell({ error: String(error) });
  }
  self.close();
};
