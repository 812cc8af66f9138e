import { fetchFailure } from "./fetch_failure.ts";

/** A connection to an object store that failed; another one may not. The request's URL is not kept: it may grant access. */
export class BrokenConnection extends Error {
  /** What the runtime reports as a failed request, or one whose answer breaks off. */
  static of(uri: string, error: TypeError): BrokenConnection {
    return new BrokenConnection(
      `The connection to the object store of ${uri} failed: ${
        fetchFailure(error)
      }`,
    );
  }

  /** A store that says nothing any more, or next to nothing. */
  static silent(uri: string, seconds: number): BrokenConnection {
    return new BrokenConnection(
      `The object store of ${uri} said nothing for ${seconds} s: it must be faster, or RECOTEM_HTTP_TIMEOUT_SECONDS larger`,
    );
  }
}
