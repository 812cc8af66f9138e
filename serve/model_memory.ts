import { createScoreKernels } from "../core/kernels/create_score_kernels.ts";
import { KernelMemory } from "../core/kernels/kernel_memory.ts";
import type { ScoreKernels } from "../core/kernels/kernels.ts";

interface Room {
  readonly memory: KernelMemory;
  readonly kernels: ScoreKernels;
}

/** Bytes of one artifact, and the kernels that score a model which lies in them. */
export interface Allocation {
  readonly bytes: Uint8Array;
  /** Absent when the bytes lie outside kernel memory; models then score without WebAssembly. */
  readonly kernels: ScoreKernels | undefined;
  /** Gives the bytes back; what lies there is overwritten by later models. */
  free(): void;
}

/**
 * The memory that all models lie in. It is given back by hand, not by the garbage collector, which sees only small
 * objects and would let dozens of replaced models pile up.
 */
export class ModelMemory {
  /** A WebAssembly memory ends at 4 GiB, so there may be several. */
  readonly #rooms: Room[] = [];

  /** Takes `size` bytes. */
  allocate(size: number): Allocation {
    for (const room of this.#rooms) {
      const allocation = take(room, size);
      if (allocation) return allocation;
    }
    const memory = new KernelMemory();
    const room = { memory, kernels: createScoreKernels(memory.memory) };
    const allocation = take(room, size);
    if (!allocation) {
      // More than a WebAssembly memory can hold.
      return { bytes: new Uint8Array(size), kernels: undefined, free() {} };
    }
    this.#rooms.push(room);
    return allocation;
  }
}

function take({ memory, kernels }: Room, size: number): Allocation | null {
  try {
    const bytes = memory.bytes(size);
    return { bytes, kernels, free: () => memory.free(bytes) };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
