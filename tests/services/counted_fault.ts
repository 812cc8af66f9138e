import {
  type HttpFault,
  HttpFaultProxy,
  type ProxiedRequest,
} from "./http_fault_proxy.ts";

/** What befalls requests. */
export interface Befalling {
  readonly fault: HttpFault;
  /** How many requests it befalls, the first ones; absent: all. */
  readonly times?: number;
}

/** A place that leads to an HTTP server of this machine, over which some requests meet a fault. */
export class CountedFault implements AsyncDisposable {
  /** How many requests have met it. */
  hits = 0;
  readonly #proxy: HttpFaultProxy;

  /** Listens at once; the fault is for requests that `isMeant`. */
  constructor(
    target: number,
    { fault, times = Infinity }: Befalling,
    isMeant: (request: ProxiedRequest) => boolean,
  ) {
    this.#proxy = new HttpFaultProxy(target, (request) => {
      if (this.hits === times || !isMeant(request)) return null;
      this.hits++;
      return fault;
    });
  }

  /** Where it listens, on 127.0.0.1. */
  get port(): number {
    return this.#proxy.port;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#proxy[Symbol.asyncDispose]();
  }
}
