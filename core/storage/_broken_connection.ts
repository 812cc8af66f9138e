/** A connection to an object store that failed; another one may not. The request's URL is not kept: it may grant access. */
export class BrokenConnection extends Error {
  /** What the runtime reports as a failed request, or one whose answer breaks off. */
  static of(uri: string, { message, cause }: TypeError): BrokenConnection {
    const text = cause instanceof Error ? cause.message : message;
    const [, reason] = /client error \(\w+\): ([^\n]+)$/.exec(text) ?? [];
    return new BrokenConnection(
      `The connection to the object store of ${uri} failed: ${
        reason ?? "it was cut"
      }`,
    );
  }

  /** A store that says nothing any more. */
  static silent(uri: string, seconds: number): BrokenConnection {
    return new BrokenConnection(
      `The object store of ${uri} said nothing for ${seconds} s: it must be faster, or RECOTEM_HTTP_TIMEOUT_SECONDS larger`,
    );
  }
}
