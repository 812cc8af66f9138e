import { KernelMemory } from "../../../../core/kernels/kernel_memory.ts";
import type { Engine } from "../../../../core/kernels/wasm/engine.ts";
import { kernelModule } from "../../../../core/kernels/wasm/kernel_module.ts";
import { WorkerPool } from "../../../../core/kernels/wasm/worker_pool.ts";

/** Runs with two workers over a memory that the test can see, and ends them. */
export async function withEngine(
  body: (engine: Engine) => Promise<void>,
): Promise<void> {
  const memory = new KernelMemory();
  const pool = await WorkerPool.start(memory, kernelModule("fast"), 2);
  try {
    await body({ memory, pool });
  } finally {
    pool.close();
  }
}

/** Takes kernel memory until so many bytes are left; returns the address of what it took. */
export function leave({ memory }: Engine, bytes: number): number {
  return memory.take(memory.available - bytes);
}
