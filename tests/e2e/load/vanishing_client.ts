import type { Random } from "../../../core/kernels/random.ts";
import { write } from "../../serve/told_server.ts";
import { sleep } from "../serve_process.ts";
import type { LoadServer } from "./load_server.ts";
import { CUSTOMER, KEY, UNFOLLOWED } from "./names.ts";
import { single, SINGLES } from "./version.ts";

/** Elements of each batch that is asked for; its answer has 6 MB. */
export const VANISHED_BATCH = 3;

/** How much a server may have counted of what vanishing clients asked. */
export interface Bounds {
  least: number;
  most: number;
}

/** A client that is gone before its answer has come, in one of three ways. */
export class VanishingClient {
  /** Of `/predict/annex` and `:batch-recommend`. */
  readonly predictions: Bounds = { least: 0, most: 0 };
  readonly batches: Bounds = { least: 0, most: 0 };
  readonly #server: LoadServer;
  readonly #random: Random;

  /** @param random Decides all that it does. */
  constructor(server: LoadServer, random: Random) {
    this.#server = server;
    this.#random = random;
  }

  /** Sends half a request, or a whole one whose answer it does not or not wholly read. */
  async vanish(): Promise<void> {
    const random = this.#random;
    using connection = await this.#server.connect();
    if (random.int(8) === 0) return await this.#leaveHalf(connection);
    const [text, bounds] = random.int(4) === 0
      ? [this.#batch(), this.batches] as const
      : [this.#prediction(), this.predictions] as const;
    bounds.most++;
    const half = random.int(2) === 0;
    await write(
      connection,
      half ? text.slice(0, 1 + random.int(text.length - 1)) : text,
    );
    await sleep(random.int(10));
  }

  /** What has come and is not read makes the end of the connection a reset. */
  async #leaveHalf(connection: Deno.TcpConn): Promise<void> {
    await write(connection, this.#batch());
    const chunk = new Uint8Array(64 * 1024);
    let wanted = 500_000 + this.#random.int(4_000_000);
    while (wanted > 0) {
      const count = await connection.read(chunk);
      if (count === null) throw new Error("The answer ended");
      wanted -= count;
    }
    this.batches.least++;
    this.batches.most++;
  }

  #prediction(): string {
    const user = single(this.#random.int(SINGLES));
    return this.#request("/predict/annex", { user_id: user });
  }

  #batch(): string {
    const element = { user_id: `${CUSTOMER}ann`, limit: 1000 };
    return this.#request("/v1/recipes/annex:batch-recommend", {
      requests: new Array(VANISHED_BATCH).fill(element),
      include_metadata: true,
    });
  }

  #request(path: string, value: unknown): string {
    const body = JSON.stringify(value);
    return [
      `POST ${path} HTTP/1.1`,
      "Host: localhost",
      `X-API-Key: ${KEY}`,
      `X-Request-ID: ${UNFOLLOWED}`,
      `Content-Length: ${body.length}`,
      "",
      body,
    ].join("\r\n");
  }
}
