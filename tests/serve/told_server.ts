import { eventsOf, type Told } from "../e2e/train_run.ts";
import { freePort, hostedCommand, serveCommand } from "./serve_command.ts";
import { shopArtifact, type ShopOptions } from "./shop.ts";

/** A folder with an empty one for recipes. */
export async function emptyFolder(): Promise<
  { path: string } & AsyncDisposable
> {
  const path = await Deno.realPath(await Deno.makeTempDir());
  await Deno.mkdir(`${path}/recipes`);
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

/** A server of one shop, and what it tells. */
export class ToldServer implements AsyncDisposable {
  /** Where it listens. */
  readonly port: number;
  /** What was told up to the last event that was waited for. */
  readonly told: Told[] = [];
  readonly #folder: string;
  readonly #child: Deno.ChildProcess;
  readonly #events: AsyncGenerator<Told>;

  private constructor(
    folder: string,
    env: Readonly<Record<string, string>>,
    command: typeof serveCommand,
    port: number,
  ) {
    this.port = port;
    this.#folder = folder;
    this.#child = command({ folder, port, env, stderr: "piped" }).spawn();
    this.#events = eventsOf(this.#child);
  }

  /** Starts the server and waits until it listens. */
  static async start(
    env: Readonly<Record<string, string>> = {},
    command: typeof serveCommand = serveCommand,
    port: number = freePort(),
  ): Promise<ToldServer> {
    const { path } = await emptyFolder();
    await Deno.writeTextFile(
      `${path}/recipes/shop.yaml`,
      `
name: shop
source: { type: csv, path: none.csv }
schema: { user_column: user, item_column: item }
training: { algorithms: [TopPop] }
output: { path: ${path}/shop.recotem }
`,
    );
    await Deno.writeFile(`${path}/shop.recotem`, await shopArtifact());
    const server = new ToldServer(path, env, command, port);
    await server.until(
      command === hostedCommand
        ? "startup_artifact_load_complete"
        : "serve_listening",
    );
    for (;;) {
      try {
        (await server.connect()).close();
        return server;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
  }

  /** Puts an artifact in the place of the one that is served. */
  async publish(options: ShopOptions): Promise<void> {
    const bytes = await shopArtifact(options);
    await Deno.writeFile(`${this.#folder}/new`, bytes);
    await Deno.rename(`${this.#folder}/new`, `${this.#folder}/shop.recotem`);
  }

  /** When the model that answers was trained. */
  async trainedAt(): Promise<string> {
    const url = `http://127.0.0.1:${this.port}/predict/shop`;
    const body = '{"user_id":"ann"}';
    const response = await fetch(url, { method: "POST", body });
    return (await response.json()).model.trained_at;
  }

  /** Resident memory in bytes, now and at its highest. */
  async memory(): Promise<{ now: number; highest: number }> {
    const status = await Deno.readTextFile(`/proc/${this.#child.pid}/status`);
    const bytes = (name: string) =>
      1024 * Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)![1]);
    return { now: bytes("VmRSS"), highest: bytes("VmHWM") };
  }

  /** Waits for an event. */
  async until(event: string): Promise<void> {
    for (;;) {
      const { value, done } = await this.#events.next();
      if (done) throw new Error(`Ended without ${event}`);
      this.told.push(value);
      if (value.event === event) return;
    }
  }

  /** A connection on which a prediction is asked for in `length` bytes, of which `body` are sent. */
  async ask(body: string, length: number): Promise<Deno.TcpConn> {
    const connection = await this.connect();
    await write(
      connection,
      `POST /predict/shop HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${length}\r\n\r\n${body}`,
    );
    return connection;
  }

  /** A connection to the server. */
  connect(): Promise<Deno.TcpConn> {
    return Deno.connect({ hostname: "127.0.0.1", port: this.port });
  }

  /** Asks it to stop. */
  signal(signal: Deno.Signal = "SIGTERM"): void {
    this.#child.kill(signal);
  }

  /** Waits for the end; returns the exit code. */
  async end(): Promise<number> {
    for await (const event of this.#events) this.told.push(event);
    return (await this.#child.status).code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.#events.return(undefined);
    await this.#child.status;
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** Sends all of a text. */
export async function write(
  connection: Deno.TcpConn,
  text: string,
): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) {
    at += await connection.write(bytes.subarray(at));
  }
}

/** What comes until the other end closes. */
export async function answerOn(connection: Deno.TcpConn): Promise<string> {
  return await new Response(connection.readable).text();
}
