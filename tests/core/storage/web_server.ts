/** A request as it came. */
export interface WebRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
  /** Requests for the same path before this one. */
  readonly earlier: number;
}

/** What is written to the connection, byte for byte, before it is closed. */
export type RawAnswer = string | Uint8Array | AsyncIterable<string>;

/** A server on a loopback address that writes whatever a test wants, right or wrong. */
export class WebServer implements AsyncDisposable {
  /** Requests in the order they came. */
  readonly requests: WebRequest[] = [];
  /** Connections so far, also those without a request. */
  connections = 0;
  readonly #listener: Deno.TcpListener | Deno.TlsListener;
  readonly #answer: (request: WebRequest) => RawAnswer;
  readonly #running: Promise<void>[] = [];

  /** Listens at once, with TLS when there is a certificate. */
  constructor(
    answer: (request: WebRequest) => RawAnswer,
    { hostname = "127.0.0.1", tls }: {
      hostname?: string;
      tls?: { cert: string; key: string };
    } = {},
  ) {
    this.#answer = answer;
    this.#listener = tls
      ? Deno.listenTls({ hostname, port: 0, ...tls })
      : Deno.listen({ hostname, port: 0 });
    this.#running.push(this.#accept());
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  async #accept(): Promise<void> {
    for await (const connection of this.#listener) {
      this.connections++;
      this.#running.push(this.#serve(connection));
    }
  }

  async #serve(connection: Deno.Conn): Promise<void> {
    try {
      const request = await this.#read(connection);
      if (request === null) return;
      const answer = this.#answer(request);
      const writer = connection.writable.getWriter();
      if (typeof answer === "string") {
        await writer.write(new TextEncoder().encode(answer));
      } else if (answer instanceof Uint8Array) await writer.write(answer);
      else {
        for await (const text of answer) {
          await writer.write(new TextEncoder().encode(text));
        }
      }
    } catch {
      // A client that went away, or did not trust the certificate.
    } finally {
      try {
        connection.close();
      } catch {
        // Already closed by the client.
      }
    }
  }

  async #read(connection: Deno.Conn): Promise<WebRequest | null> {
    let text = "";
    const buffer = new Uint8Array(2 ** 16);
    const decoder = new TextDecoder("latin1");
    async function readUntil(isComplete: () => boolean): Promise<boolean> {
      while (!isComplete()) {
        const count = await connection.read(buffer);
        if (count === null) return false;
        text += decoder.decode(buffer.subarray(0, count));
      }
      return true;
    }
    if (!await readUntil(() => text.includes("\r\n\r\n"))) return null;
    const end = text.indexOf("\r\n\r\n");
    const [start, ...lines] = text.slice(0, end).split("\r\n");
    const headers = new Headers(
      lines.map((line): [string, string] => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon), line.slice(colon + 1)];
      }),
    );
    const length = Number(headers.get("content-length"));
    if (!await readUntil(() => text.length >= end + 4 + length)) return null;
    const [method, path] = start!.split(" ");
    const request = {
      method: method!,
      path: path!,
      headers,
      body: text.slice(end + 4),
      earlier: this.requests.filter((earlier) => earlier.path === path).length,
    };
    this.requests.push(request);
    return request;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await Promise.all(this.#running);
  }
}

/** A well-formed answer. */
export function answer(
  body: string,
  { status = 200, headers = {} }: {
    status?: number;
    headers?: Readonly<Record<string, string>>;
  } = {},
): string {
  const all = { "content-length": String(body.length), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} X`, ...lines, "", body].join("\r\n");
}

/** A redirect. */
export function redirect(location: string, status = 302): string {
  return answer("", { status, headers: { location } });
}
