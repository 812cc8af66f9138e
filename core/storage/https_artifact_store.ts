import { RecotemError } from "../errors.ts";
import { PassingFetchError, shownUrl } from "./_fetch_error.ts";
import { FetchLimit } from "./_fetch_limit.ts";
import type { ConnectionOptions } from "./_guarded_connection.ts";
import {
  httpFetch,
  type HttpFetchOptions,
  parseWebUrl,
} from "./_http_fetch.ts";
import { type Range, rangeHeader } from "./_range_request.ts";
import { requireRange } from "./_require_range.ts";
import { type StreamedAnswer, tlsGet } from "./_tls_get.ts";
import type { ReadOptions, Store, Version } from "./store.ts";

/** More than the artifacts of any server; what was looked at longest ago is asked for anew. */
const MOST_KNOWN = 256;
/** What must have come each time that the limit passes. */
const STEP_BYTES = 2 ** 18;
/** The file, a range of it, and that it ends before the range. */
const GOOD: readonly unknown[] = [200, 206, 416];
const ETAG = /^(?:W\/)?"[\x21\x23-\x7e]*"$/;
/** What is sent back byte for byte. */
const PRINTABLE = /^[\x20-\x7e]+$/;
const NO_WRITING = "Cannot write by https: URI: artifacts are only read there";

/** Options of {@linkcode HttpsArtifactStore}. */
export interface HttpsArtifactStoreOptions extends ConnectionOptions {
  /**
   * Longest look, redirects and further attempts included, and longest wait for an answer or 256 KiB more of its body
   * (`RECOTEM_HTTP_TIMEOUT_SECONDS`).
   */
  readonly timeoutSeconds: number;
  /** Wait before the second attempt; doubled before each further one. */
  readonly firstRetryMs: number;
}

/** The state of a file as a look found it, and the header that asks whether it is still that. */
interface Known {
  readonly version: Version;
  readonly ask: Readonly<Record<string, string>>;
}

/** What a host answered, where that is no answer. */
type Missing = "absent" | "denied";

/**
 * Artifacts on the web, by `https:` URI, to read only. A look asks for the first byte unless the ETag, or where there is
 * none the Last-Modified, is still that of the last look; the whole file is read as a stream. Addresses are judged and
 * redirects followed as by `HttpStore`. What comes this way is trusted for its signature alone.
 *
 * Needs `--allow-net=host:port` for each host.
 */
export class HttpsArtifactStore implements Store {
  readonly schemes: readonly string[] = ["https"];
  readonly #fetching: HttpFetchOptions<StreamedAnswer>;
  readonly #timeoutSeconds: number;
  readonly #known = new Map<string, Known>();

  /** A store that connects as `options` say. */
  constructor(options: HttpsArtifactStoreOptions) {
    this.#timeoutSeconds = options.timeoutSeconds;
    this.#fetching = {
      firstRetryMs: options.firstRetryMs,
      get: (url, headers, signal) => tlsGet(url, headers, options, signal),
    };
  }

  async stat(uri: string, signal?: AbortSignal): Promise<Version | null> {
    signal?.throwIfAborted();
    const known = this.#known.get(uri);
    const headers = { ...rangeHeader({ start: 0, end: 1 }), ...known?.ask };
    const url = parseWebUrl(uri);
    const limit = new FetchLimit(url, this.#timeoutSeconds, signal);
    const request = { headers, signal: limit.signal };
    const seen = await limit.step("Fetching", () =>
      httpFetch(
        url,
        request,
        this.#fetching,
        (at, answer): Known | Missing => {
          answer.destroy();
          if (known && answer.statusCode === 304) return known;
          return missing(at, answer) ?? stateOf(at, answer);
        },
      ));
    if (seen === "absent") return null;
    if (seen === "denied") throw denied(url);
    this.#known.delete(uri);
    this.#known.set(uri, seen);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MOST_KNOWN) break;
      this.#known.delete(oldest);
    }
    return seen.version;
  }

  async read(
    uri: string,
    { start = 0, end = Infinity, signal }: ReadOptions = {},
  ): Promise<ReadableStream<Uint8Array>> {
    requireRange(start, end);
    signal?.throwIfAborted();
    // A range of nothing cannot be asked for; that there is no file is to be told all the same.
    const headers = rangeHeader({ start, end: Math.max(end, start + 1) });
    const url = parseWebUrl(uri);
    const limit = new FetchLimit(url, this.#timeoutSeconds, signal);
    const request = { headers, signal: limit.signal };
    const answer = await limit.step("Fetching", () =>
      httpFetch(
        url,
        request,
        this.#fetching,
        (at, answer): StreamedAnswer | Missing => {
          try {
            return missing(at, answer) ?? answer;
          } finally {
            if (!GOOD.includes(answer.statusCode)) answer.destroy();
          }
        },
      ));
    if (answer === "absent") {
      throw new Deno.errors.NotFound(`There is no ${shownUrl(url)}`);
    }
    if (answer === "denied") throw denied(url);
    if (answer.statusCode === 416 || start === end) {
      answer.destroy();
      return ReadableStream.from([]);
    }
    const skipped = answer.statusCode === 206 ? start : 0;
    const range = { start: start - skipped, end: end - skipped };
    return transfer(answer, range, limit);
  }

  write(): Promise<never> {
    return Promise.reject(new Deno.errors.NotSupported(NO_WRITING));
  }

  // deno-lint-ignore require-yield
  async *list(): AsyncGenerator<never> {
    await Promise.reject(
      new Deno.errors.NotSupported("Cannot list by https: URI"),
    );
  }

  remove(): Promise<never> {
    return Promise.reject(new Deno.errors.NotSupported(NO_WRITING));
  }
}

/**
 * What keeps an answer from being one; null when nothing does.
 *
 * @throws {RecotemError} For statuses that are no answer.
 */
function missing(
  url: URL,
  { statusCode: status }: StreamedAnswer,
): Missing | null {
  if (GOOD.includes(status)) return null;
  if (status === 404 || status === 410) return "absent";
  if (status === 401 || status === 403) return "denied";
  const message = `${shownUrl(url)} answered with status ${status}`;
  if (status >= 500 || status === 429) throw new PassingFetchError(message);
  throw new RecotemError("http_fetch_error", `${message}: it must be 200`);
}

function stateOf(url: URL, { statusCode, headers }: StreamedAnswer): Known {
  const etag = ETAG.exec(headers.etag ?? "")?.[0];
  const modified = PRINTABLE.exec(headers["last-modified"] ?? "")?.[0];
  const size = statusCode === 200
    ? /^\d{1,15}$/.exec(headers["content-length"] ?? "")?.[0]
    : /\/(\d{1,15})$/.exec(headers["content-range"] ?? "")?.[1];
  const known = size === undefined ? null : Number(size);
  if (etag !== undefined) {
    return {
      version: { marker: etag, size: known },
      ask: { "if-none-match": etag },
    };
  }
  if (modified !== undefined) {
    return {
      version: { marker: `${modified} ${size ?? ""}`, size: known },
      ask: { "if-modified-since": modified },
    };
  }
  throw new RecotemError(
    "http_fetch_error",
    `${
      shownUrl(url)
    } comes without an ETag or Last-Modified header, or a malformed one: its host must send one, or no change could be seen`,
  );
}

/** The bytes of a body from `start` up to `end`; the connection is closed at its end, or when it is cancelled. */
function transfer(
  answer: StreamedAnswer,
  range: Range,
  limit: FetchLimit,
): ReadableStream<Uint8Array> {
  const parts = steps(answer, range, limit);
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await parts.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel() {
      answer.destroy();
    },
  }, { highWaterMark: 0 });
}

async function* steps(
  answer: StreamedAnswer,
  { start, end }: Range,
  limit: FetchLimit,
): AsyncGenerator<Uint8Array> {
  let offset = 0;
  try {
    for (let isOver = false; !isOver;) {
      const parts: Uint8Array[] = [];
      await limit.step("Fetching more of", async () => {
        for (let left = STEP_BYTES; left > 0 && !isOver;) {
          const { value: part, done } = await answer.body.next();
          if (done) {
            isOver = true;
            break;
          }
          const from = Math.max(start - offset, 0);
          const to = Math.min(end - offset, part.length);
          if (from < to) parts.push(part.slice(from, to));
          offset += part.length;
          left -= part.length;
          isOver = offset >= end;
        }
      });
      yield* parts;
    }
  } finally {
    answer.destroy();
  }
}

function denied(url: URL): Error {
  return new Deno.errors.PermissionDenied(`The host denies ${shownUrl(url)}`);
}
