import type { IncomingMessage } from "node:http";
import { RecotemError } from "../errors.ts";
import { deadline, delay } from "../std/async.ts";
import { fetchError, PassingFetchError, shownUrl } from "./_fetch_error.ts";
import { checkUrl, type ConnectionOptions } from "./_guarded_connection.ts";
import { httpGet } from "./_http_get.ts";
import { requireRange } from "./_require_range.ts";
import type { ReadOptions, Store, Version } from "./store.ts";

const MAX_REDIRECTS = 5;
const REDIRECTS: readonly unknown[] = [301, 302, 303, 307, 308];
const ATTEMPTS = 3;

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
    const url = parseUrl(uri);
    try {
      await deadline(
        checkUrl(url, this.#options),
        1000 * this.#options.timeoutSeconds,
      );
    } catch (error) {
      const timedOut = error instanceof Error && error.name === "TimeoutError";
      throw timedOut ? this.#tooSlow(url, error) : fetchError(url, error);
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
    const url = parseUrl(uri);
    try {
      const stop = signal ? AbortSignal.any([signal, timeout]) : timeout;
      const parts = await this.#fetch(url, stop, onRedirect);
      return ReadableStream.from(slices(parts, start, end, signal));
    } catch (error) {
      signal?.throwIfAborted();
      throw timeout.aborted ? this.#tooSlow(url, error) : error;
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

  /** The whole body, after as many attempts as it takes and are allowed. */
  async #fetch(
    url: URL,
    signal: AbortSignal,
    onRedirect?: (uri: string) => void,
  ): Promise<Uint8Array[]> {
    for (let attempt = 1;; attempt++) {
      try {
        return await this.#follow(url, signal, onRedirect);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof PassingFetchError) || attempt === ATTEMPTS) {
          throw error;
        }
      }
      await delay(this.#options.firstRetryMs * 2 ** (attempt - 1), { signal });
    }
  }

  /** One attempt: follows redirects to a body. */
  async #follow(
    start: URL,
    signal: AbortSignal,
    onRedirect?: (uri: string) => void,
  ): Promise<Uint8Array[]> {
    const visited = new Set([start.href]);
    let url = start;
    for (;;) {
      try {
        const answer = await httpGet(url, this.#options, signal);
        if (!REDIRECTS.includes(answer.statusCode)) {
          return await this.#body(url, answer);
        }
        answer.destroy();
        url = redirectTarget(url, answer.headers.location);
      } catch (error) {
        throw fetchError(url, error);
      }
      if (visited.has(url.href)) {
        throw refusedRedirect(start, `leads back to ${shownUrl(url)}`);
      }
      if (visited.size > MAX_REDIRECTS) {
        throw refusedRedirect(start, `takes more than ${MAX_REDIRECTS} steps`);
      }
      visited.add(url.href);
      onRedirect?.(shownUrl(url));
    }
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

  #tooSlow(url: URL, cause: unknown): RecotemError {
    return new RecotemError(
      "http_fetch_error",
      `Fetching ${
        shownUrl(url)
      } took longer than ${this.#options.timeoutSeconds} s: the server must be faster, or RECOTEM_HTTP_TIMEOUT_SECONDS larger`,
      { cause },
    );
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

function parseUrl(uri: string): URL {
  const url = URL.parse(uri);
  if (url === null) {
    throw new RecotemError("http_fetch_error", "A URI to fetch is malformed");
  }
  return requireNoUser(url, url);
}

/** Where a redirect leads, when it may. */
function redirectTarget(from: URL, location: string | undefined): URL {
  if (location === undefined) {
    throw refusedRedirect(from, "has no Location header");
  }
  const url = URL.parse(location, from);
  if (url === null) throw refusedRedirect(from, "has a malformed Location");
  if (url.protocol !== from.protocol) {
    throw refusedRedirect(
      from,
      `leads from ${from.protocol} to another scheme`,
    );
  }
  url.hash = "";
  return requireNoUser(url, from);
}

function requireNoUser(url: URL, from: URL): URL {
  if (url.username === "" && url.password === "") return url;
  throw new RecotemError(
    "http_fetch_error",
    `A URI to fetch, from ${shownUrl(from)}, must not hold a user or password`,
  );
}

function refusedRedirect(from: URL, problem: string): RecotemError {
  return new RecotemError(
    "http_fetch_error",
    `The redirect of ${shownUrl(from)} ${problem}: name the final URI instead`,
  );
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
