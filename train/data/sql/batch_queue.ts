import type { RowBatch } from "../data_source.ts";

/** Batches that wait to be used; more would only fill memory. */
const WAITING = 2;

/** What the reader of a queue can do to the one who fills it. */
export interface Flow {
  /** Brings no more until {@linkcode Flow.resume}. */
  pause(): void;
  resume(): void;
}

/** Hands batches from a connection to whoever reads them, and stops the connection while that one is busy. */
export class BatchQueue {
  readonly #flow: Flow;
  readonly #batches: RowBatch[] = [];
  #end: { readonly error: unknown } | "open" | "closed" = "open";
  #wake: (() => void) | null = null;

  /** An empty queue that is filled from `flow`. */
  constructor(flow: Flow) {
    this.#flow = flow;
  }

  /** Adds a batch. */
  push(batch: RowBatch): void {
    this.#batches.push(batch);
    if (this.#batches.length >= WAITING) this.#flow.pause();
    this.#wake?.();
  }

  /** Nothing more comes. */
  close(): void {
    this.#end = "closed";
    this.#wake?.();
  }

  /** Nothing more comes, because of an error, which the reader meets after the batches before it. */
  fail(error: unknown): void {
    if (this.#end === "open") this.#end = { error };
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RowBatch> {
    for (;;) {
      const batch = this.#batches.shift();
      if (batch !== undefined) {
        if (this.#batches.length === WAITING - 1) this.#flow.resume();
        yield batch;
      } else if (this.#end === "open") {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = null;
      } else if (this.#end === "closed") {
        return;
      } else {
        throw this.#end.error;
      }
    }
  }
}
