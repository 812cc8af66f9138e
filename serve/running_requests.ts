/** Requests that have no answer yet. */
export class RunningRequests {
  readonly #answers = new Set<Promise<Response>>();

  /** A handler that passes requests on to `handler`, and keeps them in mind until it has answered. */
  track(
    handler: Deno.ServeHandler<Deno.NetAddr>,
  ): Deno.ServeHandler<Deno.NetAddr> {
    return (request, info) => {
      const answer = Promise.resolve(handler(request, info));
      const forget = () => {
        this.#answers.delete(answer);
      };
      this.#answers.add(answer);
      answer.then(forget, forget);
      return answer;
    };
  }

  /** Waits until those that run now have their answers; does not wait for those that come in the meantime. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#answers);
  }
}
