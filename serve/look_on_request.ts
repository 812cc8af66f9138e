/** What looks for new artifacts; see {@linkcode Watcher}. */
interface Looker {
  /** Never throws. */
  lookAndCount(): Promise<void>;
}

/**
 * Looks for new artifacts because a request comes, and at most once per interval: for hosts where a process sleeps
 * between requests, so that no timer runs. The request does not wait: it is answered by the model that is there.
 */
export class LookOnRequest {
  readonly #looker: Looker;
  readonly #intervalMs: number;
  readonly #now: () => number;
  #next: number;
  #looking = false;

  /**
   * Looks first when an interval is over.
   *
   * @param now Milliseconds that never go back.
   */
  constructor(looker: Looker, intervalSeconds: number, now: () => number) {
    this.#looker = looker;
    this.#intervalMs = 1000 * intervalSeconds;
    this.#now = now;
    this.#next = now() + this.#intervalMs;
  }

  /** To be called at each request. */
  due(): void {
    if (this.#looking || this.#now() < this.#next) return;
    this.#looking = true;
    this.#looker.lookAndCount().finally(() => {
      this.#looking = false;
      this.#next = this.#now() + this.#intervalMs;
    });
  }
}
