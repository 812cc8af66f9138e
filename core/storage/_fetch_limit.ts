import { fetchError, tooSlow } from "./_fetch_error.ts";

/** Ends a fetch that takes too long, or that its caller gives up. */
export class FetchLimit {
  /** Aborted when the fetch is to end. */
  readonly signal: AbortSignal;
  readonly #url: URL;
  readonly #seconds: number;
  readonly #caller: AbortSignal | undefined;
  readonly #timeout = new AbortController();

  /** For a fetch of `url`, each step of which may take so long; `caller` ends it at any time. No step runs yet. */
  constructor(url: URL, seconds: number, caller: AbortSignal | undefined) {
    this.#url = url;
    this.#seconds = seconds;
    this.#caller = caller;
    const { signal } = this.#timeout;
    this.signal = caller ? AbortSignal.any([caller, signal]) : signal;
  }

  /**
   * What a step makes, which ends with the signal.
   *
   * @param what Begins the message when it is too slow, before the URL.
   * @throws {RecotemError} `http_fetch_error` when it fails or is too slow; what the caller aborts with stays what it is.
   */
  async step<T>(what: string, run: () => Promise<T>): Promise<T> {
    const timer = setTimeout(
      () => this.#timeout.abort(),
      1000 * this.#seconds,
    );
    try {
      return await run();
    } catch (error) {
      if (this.#caller?.aborted) throw this.#caller.reason;
      throw this.#timeout.signal.aborted
        ? tooSlow(this.#url, this.#seconds, error, what)
        : fetchError(this.#url, error);
    } finally {
      clearTimeout(timer);
    }
  }
}
