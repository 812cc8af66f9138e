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

/** What a failed connection or transfer becomes. */
export function fetchError(url: URL, error: unknown): RecotemError {
  if (error instanceof RecotemError) return error;
  const code = error instanceof Error && "code" in error ? error.code : null;
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
