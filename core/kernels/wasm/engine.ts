import type { KernelMemory } from "../kernel_memory.ts";
import type { WorkerPool } from "./worker_pool.ts";

/** What the kernels on the pool work with. */
export interface Engine {
  readonly memory: KernelMemory;
  readonly pool: WorkerPool;
}

/** `n`, up to a multiple of `step`. */
export function roundUp(n: number, step: number): number {
  return Math.ceil(n / step) * step;
}
