import { RecotemError } from "../errors.ts";
import { delay } from "../std/async.ts";
import { fetchError, PassingFetchError, shownUrl } from "./_fetch_error.ts";

const MAX_REDIRECTS = 5;
const REDIRECTS: readonly unknown[] = [301, 302, 303, 307, 308];
const ATTEMPTS = 3;

/** What a host answered; the body must be read to its end, or the answer destroyed. */
export interface HttpAnswer {
  readonly statusCode?: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>> & {
    readonly location?: string | undefined;
  };
  destroy(): unknown;
}

/** How to fetch. */
export interface HttpFetchOptions<Answer extends HttpAnswer> {
  /** Wait before the second attempt; doubled before each further one. */
  readonly firstRetryMs: number;
  /** Sends one GET request; an abort destroys the answer. */
  readonly get: (
    url: URL,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ) => Promise<Answer>;
}

/** What to fetch. */
export interface HttpRequest {
  /** Headers beside those of all requests. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Told the URI of each redirect that is followed. */
  readonly onRedirect?: (uri: string) => void;
}

/**
 * Follows redirects to an answer and gives what `take` makes of it. At most five redirects are followed, within one scheme
 * and never twice to the same place, each host judged like the first. What fails with a {@linkcode PassingFetchError} is
 * tried up to three times.
 *
 * @param take Must read the body to its end, or destroy the answer.
 * @throws {RecotemError} `http_fetch_error`.
 */
export async function httpFetch<T, Answer extends HttpAnswer>(
  url: URL,
  request: HttpRequest,
  options: HttpFetchOptions<Answer>,
  take: (url: URL, answer: Answer) => T | Promise<T>,
): Promise<T> {
  const { signal } = request;
  for (let attempt = 1;; attempt++) {
    try {
      return await follow(url, request, options, take);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof PassingFetchError) || attempt === ATTEMPTS) {
        throw error;
      }
    }
    await delay(options.firstRetryMs * 2 ** (attempt - 1), { signal });
  }
}

/**
 * A URI of the web.
 *
 * @throws {RecotemError} `http_fetch_error` when it is malformed or holds a user or password, which is not repeated.
 */
export function parseWebUrl(uri: string): URL {
  const url = URL.parse(uri);
  if (url === null) {
    throw new RecotemError("http_fetch_error", "A URI to fetch is malformed");
  }
  return requireNoUser(url, url);
}

/** One attempt. */
async function follow<T, Answer extends HttpAnswer>(
  start: URL,
  { headers = {}, signal, onRedirect }: HttpRequest,
  { get }: HttpFetchOptions<Answer>,
  take: (url: URL, answer: Answer) => T | Promise<T>,
): Promise<T> {
  const visited = new Set([start.href]);
  let url = start;
  for (;;) {
    try {
      const answer = await get(url, headers, signal);
      if (!REDIRECTS.includes(answer.statusCode)) {
        return await take(url, answer);
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
