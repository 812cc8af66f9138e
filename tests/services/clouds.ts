/**
 * The object stores as the command line meets them: a server, an empty bucket in it and the variables that lead there.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { createContainer } from "./azure_container.ts";
import { connectionString, startAzurite } from "./azurite.ts";
import { startFakeGcs } from "./fake_gcs.ts";
import { startMoto } from "./moto.ts";
import type { Service } from "./service.ts";

/** A running object store. */
export interface Cloud extends AsyncDisposable {
  /** `host:port` of the server. */
  readonly host: string;
  /** URI of a bucket, without a slash at its end. */
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Name → how to start it. */
export const CLOUDS: Readonly<Record<string, () => Promise<Cloud>>> = {
  async s3() {
    const server = await startMoto();
    await create(`${server.url}/books`, { method: "PUT" });
    return cloud(server, "s3://books", {
      AWS_ENDPOINT_URL: server.url,
      AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
      AWS_SECRET_ACCESS_KEY: "example",
    });
  },
  async gs() {
    const server = await startFakeGcs();
    await create(`${server.url}/storage/v1/b`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: "books" }),
    });
    return cloud(server, "gs://books", { STORAGE_EMULATOR_HOST: server.url });
  },
  async az() {
    const server = await startAzurite();
    await createContainer(server, "books");
    return cloud(server, "az://books", {
      AZURE_STORAGE_CONNECTION_STRING: connectionString(server),
    });
  },
};

function cloud(
  server: Service,
  root: string,
  env: Readonly<Record<string, string>>,
): Cloud {
  return {
    host: `127.0.0.1:${server.port}`,
    root,
    env,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function create(url: string, init: RequestInit): Promise<void> {
  const answer = await fetch(url, init);
  await answer.body?.cancel();
  assertEquals(answer.status, 200);
}
