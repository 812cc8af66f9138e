/** Lets a long computation on the main thread be aborted: it gives way to the event loop after each portion of work. */
export class Breather {
  readonly #signal: AbortSignal | undefined;
  #left = PORTION;

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
    signal?.throwIfAborted();
  }

  /** Counts work, in multiply-adds; true when it is time to {@linkcode Breather.pause}. */
  spend(work: number): boolean {
    this.#left -= work;
    return this.#left < 0;
  }

  /**
   * Gives way to the event loop once.
   *
   * @throws The signal's reason, if it was aborted.
   */
  async pause(): Promise<void> {
    this.#left = PORTION;
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#signal?.throwIfAborted();
  }
}

/** About 20 ms of scalar code. */
const PORTION = 1 << 24;
