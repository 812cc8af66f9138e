import { sleep } from "../serve_process.ts";

const INTERVAL_MS = 200;
/** Part of the time in which caches fill and the compiler learns. */
const WARM_UP = 0.2;

/** Resident memory in bytes, over time. */
export class MemoryWatch {
  readonly #samples: number[] = [];

  /** Looks at what `memory` says until it is told to stop. */
  async run(memory: () => Promise<number>, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#samples.push(await memory());
      await sleep(INTERVAL_MS);
    }
  }

  /** Medians of the first third after the warm-up and of the last third. */
  thirds(): { readonly first: number; readonly last: number } {
    const warm = this.#samples.slice(this.#samples.length * WARM_UP);
    const third = Math.ceil(warm.length / 3);
    return {
      first: median(warm.slice(0, third)),
      last: median(warm.slice(-third)),
    };
  }
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!;
}
