import { freePort, serveCommand } from "../serve/serve_command.ts";
import { shopArtifact, type ShopOptions } from "../serve/shop.ts";

/** A server in a process of its own, with the permissions that it needs and no others, and the folder it serves. */
export class ServeProcess implements AsyncDisposable {
  /** Holds `recipes/shop.yaml` and `shop.recotem`. */
  readonly folder: string;
  /** `http://127.0.0.1:port`. */
  readonly url: string;
  readonly #child: Deno.ChildProcess;

  private constructor(
    folder: string,
    port: number,
    env: Readonly<Record<string, string>>,
  ) {
    this.folder = folder;
    this.url = `http://127.0.0.1:${port}`;
    this.#child = serveCommand({ folder, port, env }).spawn();
  }

  /** Starts a server of one shop and waits until it answers. */
  static async start(
    options: ShopOptions,
    env: Readonly<Record<string, string>> = {},
  ): Promise<ServeProcess> {
    const folder = await Deno.realPath(await Deno.makeTempDir());
    await Deno.mkdir(`${folder}/recipes`);
    await Deno.writeTextFile(
      `${folder}/recipes/shop.yaml`,
      `
name: shop
source: { type: csv, path: none.csv }
schema: { user_column: user, item_column: item }
training: { algorithms: [TopPop] }
output: { path: ${folder}/shop.recotem }
`,
    );
    await publishBytes(folder, await shopArtifact(options));
    const server = new ServeProcess(folder, freePort(), env);
    for (;;) {
      const response = await fetch(`${server.url}/health`).catch(() => null);
      await response?.body?.cancel();
      if (response) return server;
      await sleep(20);
    }
  }

  /** Puts an artifact in the place of the one that is served. */
  publish(bytes: Uint8Array): Promise<void> {
    return publishBytes(this.folder, bytes);
  }

  /** Asks for what the user may want. */
  predict(user: string): Promise<Response> {
    return fetch(`${this.url}/predict/shop`, {
      method: "POST",
      body: JSON.stringify({ user_id: user, cutoff: 3 }),
    });
  }

  /** When the model that answers was trained. */
  async trainedAt(): Promise<string> {
    const response = await this.predict("ann");
    return (await response.json()).model.trained_at;
  }

  /** Waits until the server has seen that the artifact is not to be used. */
  async refused(): Promise<void> {
    for (;;) {
      const response = await fetch(`${this.url}/health`);
      await response.body?.cancel();
      if (response.status === 503) return;
      await sleep(50);
    }
  }

  /** Resident memory in bytes. */
  async memory(): Promise<number> {
    const status = await Deno.readTextFile(`/proc/${this.#child.pid}/status`);
    return 1024 * Number(/VmRSS:\s+(\d+)/.exec(status)![1]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.#child.status;
    await Deno.remove(this.folder, { recursive: true });
  }
}

async function publishBytes(folder: string, bytes: Uint8Array): Promise<void> {
  await Deno.writeFile(`${folder}/new`, bytes);
  await Deno.rename(`${folder}/new`, `${folder}/shop.recotem`);
}

/** Waits. */
export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
