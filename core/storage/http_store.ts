import type { IncomingMessage } from "node:http";
import { RecotemError } from "../errors.ts";
import { deadline } from "../std/async.ts";
import {
  fetchError,
  PassingFetchError,
  shownUrl,
  tooSlow,
} from "./_fetch_error.ts";
import { checkUrl, type ConnectionOptions } from "./_guarded_connection.ts";
import { httpFetch, parseWebUrl } from "./_http_fetch.ts";
import { httpGet } from "./_http_get.ts";
import { requireRange } from "./_require_range.ts";
import type { ReadOptions, Store, Version } from "./store.ts";

/** Options of {@linkcode HttpStore}. */
export interface HttpStoreOptions extends ConnectionOptions {
  /** Largest body that is taken. */
  readonly maxBytes: number;
  /** Longest fetch, redirects and further attempts included (`RECOTEM_HTTP_TIMEOUT_SECONDS`). */
  readonly timeoutSeconds: number;
  /** Wait before the second attempt; doubled before each further one. */
  readonly firstRetryMs: number;
}

/**
 * Files on the web, by `http:` and `https:` URI, to read only.
 *
 * Every address of every host, also that of a redirect, is judged before one is connected to. At most five redirects are
 * followed, within one scheme and never twice to the same place. A server that fails (5xx) or breaks off is asked up to
 * three times. A body is held in memory until it is complete, so that none is handed out that breaks off.
 *
 * Needs `--allow-net=host:port` for each host. Failures are `http_fetch_error`; certificates are checked against the
 * authorities that Deno trusts (`DENO_TLS_CA_STORE`, `DENO_CERT`).
 */
export class HttpStore implements Store {
  readonly schemes: readonly string[] = ["http", "https"];
  readonly #options: HttpStoreOptions;

  /** A store that connects as `options` say. */
  constructor(options: HttpStoreOptions) {
    this.#options = options;
  }

  /** Checks the host's addresses, and sends no request: neither marker nor size are known. */
  async stat(uri: string, signal?: AbortSignal): Promise<Version> {
    signal?.throwIfAborted();
    const url = parseWebUrl(uri);
    try {
      await deadline(
        checkUrl(url, this.#options),
        1000 * this.#options.timeoutSeconds,
      );
    } catch (error) {
      const timedOut = error instanceof Error && error.name === "TimeoutError";
      throw timedOut
        ? tooSlow(url, this.#options.timeoutSeconds, error)
        : fetchError(url, error);
    }
    return { marker: "", size: null };
  }

  async read(
    uri: string,
    { start = 0, end = Infinity, signal, onRedirect }: ReadOptions = {},
  ): Promise<ReadableStream<Uint8Array>> {
    requireRange(start, end);
    signal?.throwIfAborted();
    const timeout = AbortSignal.timeout(1000 * this.#options.timeoutSeconds);
    const url = parseWebUrl(uri);
    try {
      const stop = signal ? AbortSignal.any([signal, timeout]) : timeout;
      const parts = await httpFetch(
        url,
        { signal: stop, ...(onRedirect && { onRedirect }) },
        {
          firstRetryMs: this.#options.firstRetryMs,
          get: (at, headers, signal) =>
            httpGet(at, headers, this.#options, signal),
        },
        (at, answer) => this.#body(at, answer),
      );
      return ReadableStream.from(slices(parts, start, end, signal));
    } catch (error) {
      signal?.throwIfAborted();
      throw timeout.aborted
        ? tooSlow(url, this.#options.timeoutSeconds, error)
        : error;
    }
  }

  write(): Promise<never> {
    return Promise.reject(
      new Deno.errors.NotSupported("Cannot write by http: or https: URI"),
    );
  }

  // deno-lint-ignore require-yield
  async *list(): AsyncGenerator<never> {
    await Promise.reject(
      new Deno.errors.NotSupported("Cannot list by http: or https: URI"),
    );
  }

  remove(): Promise<never> {
    return Promise.reject(
      new Deno.errors.NotSupported("Cannot remove by http: or https: URI"),
    );
  }

  async #body(url: URL, answer: IncomingMessage): Promise<Uint8Array[]> {
    try {
      const { statusCode: status = 0 } = answer;
      if (status !== 200) {
        const message = `${shownUrl(url)} answered with status ${status}`;
        if (status >= 500) throw new PassingFetchError(message);
        throw new RecotemError(
          "http_fetch_error",
          `${message}: it must be 200`,
        );
      }
      const declared = Number(answer.headers["content-length"]);
      if (declared > this.#options.maxBytes) throw this.#tooLarge(url, 0);
      const parts: Uint8Array[] = [];
      let bytes = 0;
      for await (const part of answer) {
        bytes += part.length;
        if (bytes > this.#options.maxBytes) throw this.#tooLarge(url, bytes);
        parts.push(part);
      }
      return parts;
    } finally {
      answer.destroy();
    }
  }

  #tooLarge(url: URL, bytesRead: number): RecotemError {
    const { maxBytes } = this.#options;
    return new RecotemError(
      "http_fetch_error",
      `${shownUrl(url)} has more than the ${maxBytes} bytes that are allowed`,
      {
        details: { reason: "too_large", bytes_read: bytesRead, cap: maxBytes },
      },
    );
  }
}

/** The bytes from `start` up to `end`; lets go of each part once it is handed over. */
async function* slices(
  parts: Uint8Array[],
  start: number,
  end: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  let offset = 0;
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    signal?.throwIfAborted();
    const from = Math.max(start - offset, 0);
    const to = Math.min(end - offset, part.length);
    offset += part.length;
    if (from < to) yield await Promise.resolve(part.subarray(from, to));
  }
}
