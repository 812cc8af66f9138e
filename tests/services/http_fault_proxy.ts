/** What becomes of a request to an {@linkcode HttpFaultProxy}. */
export type HttpFault =
  /** It is answered with this status, and goes no further. */
  | { readonly status: number }
  /** It goes no further, and nothing is ever said. */
  | "silence"
  /** The server does what it is asked, and the connection is cut before it says so. */
  | "deafness"
  /** The connection is cut once so many bytes of the answer's body were sent. */
  | { readonly cutAfter: number }
  /** After so many bytes of the answer's body nothing more is ever said. */
  | { readonly stallAfter: number };

/** A request as it came. */
export interface ProxiedRequest {
  readonly method: string;
  /** Path and query, with what was escaped in them. */
  readonly path: string;
}

/** Decides what becomes of a request, which waits for it; null: it is passed on. */
export type Judge = (
  request: ProxiedRequest,
) => HttpFault | null | Promise<HttpFault | null>;

/** What answers of the proxy's own say, which nobody may repeat. */
export const UNSPEAKABLE = "key=5ecret-of-the-service";

const HEAD_END = "\r\n\r\n";

/** A place that leads to an HTTP server of this machine, and does to requests what a test says. A connection each. */
export class HttpFaultProxy implements AsyncDisposable {
  /** Where it listens, on 127.0.0.1. */
  readonly port: number;
  readonly #listener: Deno.TcpListener;
  readonly #target: number;
  readonly #judge: Judge;
  readonly #open = new Set<Deno.TcpConn>();
  readonly #serving: Promise<void>;

  /** Listens at once. */
  constructor(target: number, judge: Judge) {
    this.#target = target;
    this.#judge = judge;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.port = this.#listener.addr.port;
    this.#serving = this.#serve();
  }

  async #serve(): Promise<void> {
    const requests: Promise<void>[] = [];
    for await (const client of this.#listener) {
      requests.push(
        this.#pass(client).catch(() => {
          // One side has gone.
        }),
      );
    }
    await Promise.all(requests);
  }

  async #pass(client: Deno.TcpConn): Promise<void> {
    using _client = this.#keep(client);
    const { head, body } = await readRequest(client);
    const [method = "", target = ""] = head.split(" ");
    const path = decodeURIComponent(target);
    const fault = await this.#judge({ method, path });
    if (fault === "silence") return await untilGone(client);
    if (fault !== null && fault !== "deafness" && "status" in fault) {
      return await writeAll(client, answerOf(fault.status, method));
    }
    const server = await Deno.connect({
      hostname: "127.0.0.1",
      port: this.#target,
    });
    using _server = this.#keep(server);
    const closing = head.replace(/\r\nconnection:[^\r]*/i, "") +
      "\r\nconnection: close" + HEAD_END;
    await writeAll(server, encode(closing));
    await writeAll(server, body);
    const answer = await new Response(server.readable).bytes();
    if (fault === null) return await writeAll(client, answer);
    if (fault === "deafness") return;
    const start = decode(answer).indexOf(HEAD_END) + HEAD_END.length;
    const stalls = "stallAfter" in fault;
    const sent = stalls ? fault.stallAfter : fault.cutAfter;
    await writeAll(client, answer.subarray(0, start + sent));
    if (stalls) await untilGone(client);
  }

  /** Closes a connection at the end of the scope, or when this is disposed. */
  #keep(connection: Deno.TcpConn): Disposable {
    this.#open.add(connection);
    return {
      [Symbol.dispose]: () => {
        this.#open.delete(connection);
        close(connection);
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const connection of this.#open) close(connection);
    await this.#serving;
  }
}

async function readRequest(
  client: Deno.TcpConn,
): Promise<{ head: string; body: Uint8Array }> {
  let bytes = new Uint8Array(0);
  async function readUntil(isEnough: () => boolean): Promise<void> {
    const buffer = new Uint8Array(2 ** 16);
    while (!isEnough()) {
      const count = await client.read(buffer);
      if (count === null) throw new Deno.errors.UnexpectedEof();
      const joined = new Uint8Array(bytes.length + count);
      joined.set(bytes);
      joined.set(buffer.subarray(0, count), bytes.length);
      bytes = joined;
    }
  }
  let end = -1;
  await readUntil(() => (end = decode(bytes).indexOf(HEAD_END)) >= 0);
  const head = decode(bytes.subarray(0, end));
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
  const start = end + HEAD_END.length;
  await readUntil(() => bytes.length >= start + length);
  return { head, body: bytes.subarray(start) };
}

function answerOf(status: number, method: string): Uint8Array {
  const text = `<Error><Message>${UNSPEAKABLE}</Message></Error>`;
  const head =
    `HTTP/1.1 ${status} X\r\ncontent-length: ${text.length}\r\nconnection: close`;
  return encode(head + HEAD_END + (method === "HEAD" ? "" : text));
}

async function untilGone(client: Deno.TcpConn): Promise<void> {
  while (await client.read(new Uint8Array(1)) !== null);
}

async function writeAll(
  connection: Deno.TcpConn,
  bytes: Uint8Array,
): Promise<void> {
  for (let sent = 0; sent < bytes.length;) {
    sent += await connection.write(bytes.subarray(sent));
  }
}

/** Each byte as the letter of its number. */
function decode(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function close(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // It is closed already.
  }
}
