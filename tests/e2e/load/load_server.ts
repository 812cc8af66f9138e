import { apiKeyDigest } from "../../../serve/api_keys.ts";
import { freePort, serveCommand } from "../../serve/serve_command.ts";
import { sleep } from "../serve_process.ts";
import { metricsSamples } from "./metrics_samples.ts";
import { KEY, UNFOLLOWED } from "./names.ts";

/** A server of several recipes in a process of its own, which counts all and tells of all. */
export class LoadServer implements AsyncDisposable {
  readonly port: number = freePort();
  /** `http://127.0.0.1:port`. */
  readonly url: string = `http://127.0.0.1:${this.port}`;
  readonly #folder: string;
  readonly #child: Deno.ChildProcess;
  readonly #told: Promise<void>;

  private constructor(folder: string, take: (line: string) => void) {
    this.#folder = folder;
    const env = {
      RECOTEM_API_KEYS: `load:sha256:${apiKeyDigest(KEY).toHex()}`,
      RECOTEM_METRICS_ENABLED: "1",
      RECOTEM_ACCESS_LOG: "1",
    };
    this.#child = serveCommand({
      folder,
      port: this.port,
      env,
      stderr: "piped",
    }).spawn();
    this.#told = passLines(this.#child.stderr, take);
  }

  /**
   * Starts a server and waits until it answers.
   *
   * @param artifacts By recipe.
   * @param take Gets each line of standard error.
   */
  static async start(
    artifacts: ReadonlyMap<string, Uint8Array>,
    take: (line: string) => void,
  ): Promise<LoadServer> {
    const folder = await Deno.realPath(await Deno.makeTempDir());
    await Deno.mkdir(`${folder}/recipes`);
    for (const [recipe, bytes] of artifacts) {
      await Deno.writeTextFile(
        `${folder}/recipes/${recipe}.yaml`,
        `
name: ${recipe}
source: { type: csv, path: none.csv }
schema: { user_column: user, item_column: item }
training: { algorithms: [CosineKNN] }
output: { path: ${folder}/${recipe}.recotem }
`,
      );
      await Deno.writeFile(`${folder}/${recipe}.recotem`, bytes);
    }
    const server = new LoadServer(folder, take);
    for (;;) {
      try {
        (await server.connect()).close();
        return server;
      } catch {
        await sleep(20);
      }
    }
  }

  /** A connection to the server. */
  connect(): Promise<Deno.TcpConn> {
    return Deno.connect({ hostname: "127.0.0.1", port: this.port });
  }

  /** Puts an artifact in the place of the one that is served. */
  async publish(recipe: string, bytes: Uint8Array): Promise<void> {
    await Deno.writeFile(`${this.#folder}/new`, bytes);
    await Deno.rename(
      `${this.#folder}/new`,
      `${this.#folder}/${recipe}.recotem`,
    );
  }

  /** What the server has counted. */
  async metrics(): Promise<ReadonlyMap<string, number>> {
    const response = await fetch(`${this.url}/metrics`, {
      headers: { "X-Request-ID": UNFOLLOWED },
    });
    return metricsSamples(await response.text());
  }

  /** Resident memory in bytes. */
  async memory(): Promise<number> {
    const status = await Deno.readTextFile(`/proc/${this.#child.pid}/status`);
    return 1024 * Number(/VmRSS:\s+(\d+)/.exec(status)![1]);
  }

  /** Asks it to stop and waits until it has; returns the exit code. */
  async stop(): Promise<number> {
    this.#child.kill("SIGTERM");
    await this.#told;
    return (await this.#child.status).code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.#told;
    await this.#child.status;
    await Deno.remove(this.#folder, { recursive: true });
  }
}

async function passLines(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  take: (line: string) => void,
): Promise<void> {
  let rest = "";
  for await (const part of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + part).split("\n");
    rest = lines.pop()!;
    lines.forEach(take);
  }
  if (rest !== "") take(rest);
}
