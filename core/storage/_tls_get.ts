import { RecotemError } from "../errors.ts";
import { shownUrl } from "./_fetch_error.ts";
import {
  checkUrl,
  type ConnectionOptions,
  placeOf,
} from "./_guarded_connection.ts";
import type { HttpAnswer } from "./_http_fetch.ts";
import { HttpReader } from "./http_reader.ts";

const USER_AGENT = "recotem/2";

/** An answer whose body comes as it is read. */
export interface StreamedAnswer extends HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes of the body, to be read once; a piece is gone when the next is asked for. Throws where it breaks off. */
  readonly body: AsyncGenerator<Uint8Array>;
}

/**
 * Sends one GET request over a TLS connection of the runtime's own: a body comes without garbage, where `node:http` leaves
 * twice its size, and it works on all versions that serve.
 *
 * All addresses of the host are judged before, and the one that was connected to before anything is sent: should a name
 * change its mind in between, what has been reached gets no request, and could not show a certificate for the name.
 *
 * @throws {RecotemError} `http_fetch_error` when an address is refused; else what the runtime says.
 */
export async function tlsGet(
  url: URL,
  headers: Readonly<Record<string, string>>,
  options: ConnectionOptions,
  signal: AbortSignal,
): Promise<StreamedAnswer> {
  await orAborted(checkUrl(url, options), signal);
  const connection = await connect(url, options, signal);
  function close(): void {
    signal.removeEventListener("abort", close);
    try {
      connection.close();
    } catch {
      // Closed already.
    }
  }
  signal.addEventListener("abort", close);
  try {
    requireJudged(url, connection, options);
    await writeAll(connection, head(url, headers));
    const reader = new HttpReader(connection);
    const { status, headers: answered } = await reader.head();
    return {
      statusCode: status,
      headers: answered,
      body: reader.body(),
      destroy: close,
    };
  } catch (error) {
    close();
    signal.throwIfAborted();
    throw error;
  }
}

async function connect(
  url: URL,
  { caCerts }: ConnectionOptions,
  signal: AbortSignal,
): Promise<Deno.TlsConn> {
  const { host: hostname, port } = placeOf(url);
  const connecting = Deno.connectTls({
    hostname,
    port,
    alpnProtocols: ["http/1.1"],
    ...(caCerts && { caCerts: [...caCerts] }),
  });
  try {
    return await orAborted(connecting, signal);
  } catch (error) {
    connecting.then((late) => late.close(), () => {});
    throw error;
  }
}

/** What `promise` gives, unless the signal comes first; what it waits for goes on. */
async function orAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort);
  try {
    return await Promise.race([aborted.promise, promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function requireJudged(
  url: URL,
  { remoteAddr }: Deno.TlsConn,
  { refuse }: ConnectionOptions,
): void {
  const address = remoteAddr.transport === "tcp" ? remoteAddr.hostname : "";
  const kind = refuse(address);
  if (kind === null) return;
  throw new RecotemError(
    "http_fetch_error",
    `${
      shownUrl(url)
    } was reached at ${address}, ${kind} address: it must be on the public internet, or RECOTEM_HTTP_ALLOW_PRIVATE be set`,
    { details: { reason: "private_address" } },
  );
}

function head(
  url: URL,
  headers: Readonly<Record<string, string>>,
): string {
  const lines = Object.entries({
    host: url.host,
    "user-agent": USER_AGENT,
    accept: "*/*",
    connection: "close",
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join("")}\r\n`;
}

async function writeAll(
  connection: Deno.TlsConn,
  text: string,
): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) {
    at += await connection.write(bytes.subarray(at));
  }
}
