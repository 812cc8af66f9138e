import { sleep } from "../serve_process.ts";

const INTERVAL_MS = 200;

/** Resident memory in bytes, over time. */
export class MemoryWatch {
  #samples: number[] = [];

  /** Looks at what `memory` says until it is told to stop. */
  async run(memory: () => Promise<number>, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#samples.push(await memory());
      await sleep(INTERVAL_MS);
    }
  }

  /** Forgets what was before: caches were empty, and there was room for one model only. */
  warmedUp(): void {
    this.#samples = [];
  }

  /** Medians of the first third since the warm-up and of the last third. */
  thirds(): { readonly first: number; readonly last: number } {
    const third = Math.ceil(this.#samples.length / 3);
    return {
      first: median(this.#samples.slice(0, third)),
      last: median(this.#samples.slice(-third)),
    };
  }
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!;
}
