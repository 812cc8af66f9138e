/** What becomes of connections through a {@linkcode FaultProxy}. */
export type Fault =
  /** They are cut once the server has sent so many bytes. */
  | { readonly cutAfter: number }
  /** They are taken, and nothing is ever said. */
  | "silence";

/** A place that leads to a server of this machine, and breaks connections to it. */
export class FaultProxy implements AsyncDisposable {
  /** Where it listens, on 127.0.0.1. */
  readonly port: number;
  readonly #listener: Deno.TcpListener;
  readonly #open = new Set<Deno.TcpConn>();
  readonly #serving: Promise<void>;

  /** Listens at once. */
  constructor(target: number, fault: Fault) {
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.port = this.#listener.addr.port;
    this.#serving = this.#serve(target, fault);
  }

  async #serve(target: number, fault: Fault): Promise<void> {
    const pairs: Promise<void>[] = [];
    for await (const client of this.#listener) {
      this.#open.add(client);
      if (fault !== "silence") pairs.push(this.#join(client, target, fault));
    }
    await Promise.all(pairs);
  }

  async #join(
    client: Deno.TcpConn,
    port: number,
    { cutAfter }: Exclude<Fault, "silence">,
  ): Promise<void> {
    const server = await Deno.connect({ hostname: "127.0.0.1", port });
    this.#open.add(server);
    const asked = client.readable.pipeTo(server.writable).catch(() => {});
    const writer = client.writable.getWriter();
    let sent = 0;
    try {
      for await (const part of server.readable) {
        await writer.write(part.subarray(0, Math.max(0, cutAfter - sent)));
        sent += part.length;
        if (sent >= cutAfter) break;
      }
    } catch {
      // One side has gone.
    }
    for (const connection of [client, server]) this.#close(connection);
    await asked;
  }

  #close(connection: Deno.TcpConn): void {
    this.#open.delete(connection);
    try {
      connection.close();
    } catch {
      // It is closed already.
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const connection of this.#open) this.#close(connection);
    await this.#serving;
  }
}
