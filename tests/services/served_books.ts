import { fromFileUrl } from "@std/path";
import type { BookProject } from "./book_project.ts";
import type { Variables } from "./clouds.ts";
import { freePort } from "./service.ts";

const MAIN: string = fromFileUrl(import.meta.resolve("../../cli/main.ts"));

/** `recotem serve` of a project's recipe; it looks for a new model each second. */
export class ServedBooks implements AsyncDisposable {
  readonly port: number;
  readonly #process: Deno.ChildProcess;

  private constructor(port: number, process: Deno.ChildProcess) {
    this.port = port;
    this.#process = process;
  }

  /** Starts the server. */
  static async start(
    { folder, env }: BookProject,
    variables: Variables = {},
  ): Promise<ServedBooks> {
    await Deno.mkdir(`${folder.path}/recipes`);
    await Deno.copyFile(
      `${folder.path}/books.yaml`,
      `${folder.path}/recipes/books.yaml`,
    );
    const port = freePort();
    const process = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", MAIN, "serve", "--recipes", "recipes"],
      cwd: folder.path,
      env: {
        ...env,
        RECOTEM_PORT: String(port),
        RECOTEM_WATCH_INTERVAL: "1",
        ...variables,
      },
      stdout: "null",
      stderr: "null",
    }).spawn();
    return new ServedBooks(port, process);
  }

  /** The title that the last reader is recommended before all others; null where there is no answer. */
  async favourite(): Promise<string | null> {
    const answer = await fetch(
      `http://127.0.0.1:${this.port}/predict/books`,
      {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ user_id: "r9", cutoff: 1 }),
      },
    ).catch(() => null);
    return (await answer?.json())?.items?.[0].title ?? null;
  }

  /** Waits until that is the title. */
  async untilFavourite(title: string): Promise<void> {
    for (let attempt = 0; attempt < 500; attempt++) {
      if (await this.favourite() === title) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`${title} was never recommended`);
  }

  /** Stops the server. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill("SIGTERM");
    await this.#process.status;
  }
}
