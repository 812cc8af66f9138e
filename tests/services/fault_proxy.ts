/** What becomes of connections through a {@linkcode FaultProxy} once the server has sent so many bytes. */
export type Fault =
  /** They are cut. */
  | { readonly cutAfter: number }
  /** They stay, and nothing more is ever said. */
  | { readonly stallAfter: number };

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

  /** Cuts the connections that there are. */
  cut(): void {
    for (const connection of this.#open) this.#close(connection);
  }

  async #serve(target: number, fault: Fault): Promise<void> {
    const pairs: Promise<void>[] = [];
    for await (const client of this.#listener) {
      this.#open.add(client);
      pairs.push(this.#join(client, target, fault));
    }
    await Promise.all(pairs);
  }

  async #join(
    client: Deno.TcpConn,
    port: number,
    fault: Fault,
  ): Promise<void> {
    const server = await Deno.connect({ hostname: "127.0.0.1", port });
    this.#open.add(server);
    const asked = client.readable.pipeTo(server.writable).catch(() => {});
    const writer = client.writable.getWriter();
    const cuts = "cutAfter" in fault;
    const limit = cuts ? fault.cutAfter : fault.stallAfter;
    let sent = 0;
    try {
      for await (const part of server.readable) {
        await writer.write(part.subarray(0, Math.max(0, limit - sent)));
        sent += part.length;
        if (cuts && sent >= limit) break;
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
    this.cut();
    await this.#serving;
  }
}
