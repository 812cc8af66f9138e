import { RecotemError } from "../errors.ts";

/** What connections end with that another try may not meet. */
const CUT_OFF: readonly unknown[] = [
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EPIPE",
  "ETIMEDOUT",
];

const UNRESOLVED: readonly unknown[] = [
  "EAI_AGAIN",
  "EAI_NODATA",
  "EAI_NONAME",
  "ENODATA",
  "ENOTFOUND",
];

/** An `http_fetch_error` that another try may not meet. */
export class PassingFetchError extends RecotemError {
  constructor(message: string, cause?: unknown) {
    super("http_fetch_error", message, { cause });
  }
}

/** A URL without what may be secret: user, password, query and fragment. */
export function shownUrl({ origin, pathname }: URL): string {
  return origin + pathname;
}

/** A fetch, or what else is said, that took longer than it may. */
export function tooSlow(
  url: URL,
  seconds: number,
  cause: unknown,
  what: string = "Fetching",
): RecotemError {
  return new RecotemError(
    "http_fetch_error",
    `${what} ${
      shownUrl(url)
    } took longer than ${seconds} s: the server must be faster, or RECOTEM_HTTP_TIMEOUT_SECONDS larger`,
    { cause },
  );
}

/** What a failed connection or transfer becomes. */
export function fetchError(url: URL, error: unknown): RecotemError {
  if (error instanceof RecotemError) return error;
  const code = codeOf(error);
  if (CUT_OFF.includes(code)) {
    return new PassingFetchError(
      `Cannot fetch ${shownUrl(url)}: the connection failed (${code})`,
      error,
    );
  }
  return new RecotemError("http_fetch_error", describe(url, code, error), {
    cause: error,
  });
}

/** The runtime's own connections fail with a class in place of a code, and not always with both. */
function codeOf(error: unknown): unknown {
  if (error instanceof Deno.errors.ConnectionRefused) return "ECONNREFUSED";
  if (error instanceof Deno.errors.ConnectionReset) return "ECONNRESET";
  if (error instanceof Deno.errors.ConnectionAborted) return "ECONNABORTED";
  if (error instanceof Deno.errors.UnexpectedEof) return "ECONNRESET";
  if (error instanceof Deno.errors.BrokenPipe) return "EPIPE";
  if (error instanceof Deno.errors.TimedOut) return "ETIMEDOUT";
  return error instanceof Error && "code" in error ? error.code : null;
}

function describe(url: URL, code: unknown, error: unknown): string {
  if (UNRESOLVED.includes(code)) {
    return `Host ${url.hostname} has no address: it must be a name that can be resolved`;
  }
  if (code === "EPERM" || error instanceof Deno.errors.NotCapable) {
    return `This process may not connect to ${url.host}: it is granted the hosts that the recipe names and no others`;
  }
  const reason = error instanceof Error ? error.message : String(error);
  return `Cannot fetch ${shownUrl(url)}: ${reason.split("\n")[0]}`;
}
