import { freePort, Service } from "./service.ts";

/** A folder that a web server shows. */
export interface WebFolder extends AsyncDisposable {
  readonly port: number;
  readonly path: string;
}

/** Starts Python's web server on an empty folder. */
export async function startWebFolder(): Promise<WebFolder> {
  const path = await Deno.makeTempDir();
  const port = freePort();
  const server = await Service.run("http.server", port, [
    "python3",
    "-m",
    "http.server",
    "--bind=127.0.0.1",
    `--directory=${path}`,
    String(port),
  ], {});
  return {
    port,
    path,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await Deno.remove(path, { recursive: true });
    },
  };
}
