import { isComing } from "./json_body.ts";

/** A request that has no answer yet. */
interface Running {
  readonly request: Request;
  /** How many looks there had been when it came. */
  readonly since: number;
  readonly answer: Promise<Response>;
  /** Answers in place of the handler. */
  readonly giveUp: (response: Response) => void;
}

/** Requests that have no answer yet. */
export class RunningRequests {
  /** In the order they came. */
  readonly #running = new Set<Running>();
  #looks = 0;

  /** A handler that passes requests on to `handler`, and keeps them in mind until it has answered. */
  track(
    handler: Deno.ServeHandler<Deno.NetAddr>,
  ): Deno.ServeHandler<Deno.NetAddr> {
    return (request, info) => {
      const { promise, resolve, reject } = Promise.withResolvers<Response>();
      const own = {
        request,
        since: this.#looks,
        answer: promise,
        giveUp: resolve,
      };
      this.#running.add(own);
      Promise.resolve(handler(request, info)).then((response) => {
        this.#running.delete(own);
        resolve(response);
      }, (error) => {
        this.#running.delete(own);
        reject(error);
      });
      return promise;
    };
  }

  /**
   * Answers 408 to those that ran at the last look already and have not come whole, and forgets them: they would hold up a
   * stop, and memory, for as long as their clients like. To be called now and then. What has come whole may take its time.
   * The runtime keeps the connection until the client closes it.
   */
  refuseSlow(): void {
    for (const slow of this.#running) {
      if (slow.since === this.#looks) break;
      if (!isComing(slow.request)) continue;
      this.#running.delete(slow);
      slow.giveUp(new Response(null, { status: 408 }));
    }
    this.#looks++;
  }

  /** Waits until those that run now have their answers; does not wait for those that come in the meantime. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#running].map(({ answer }) => answer));
  }
}
