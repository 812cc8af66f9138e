/**
 * The object stores as the command line meets them: a server, an empty bucket in it and the variables that lead there.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { createContainer } from "./azure_container.ts";
import { ACCOUNT_KEY, connectionString, startAzurite } from "./azurite.ts";
import { startFakeGcs } from "./fake_gcs.ts";
import { makeUser, requireSignatures, startMoto } from "./moto.ts";
import type { Service } from "./service.ts";

/** Names and values of variables. */
export type Variables = Readonly<Record<string, string>>;

/** A running object store. */
export interface Cloud extends AsyncDisposable {
  readonly port: number;
  /** `host:port` of the server. */
  readonly host: string;
  /** URI of a bucket, without a slash at its end. */
  readonly root: string;
  readonly env: Variables;
  /** The variables that lead there over another port of this machine. */
  through(port: number): Variables;
  /** Variables with another key than the server knows; null where it knows none. */
  readonly stranger: Variables | null;
  /** What nothing that is written may hold. */
  readonly secrets: readonly string[];
}

/** Name → how to start it. */
export const CLOUDS: Readonly<Record<string, () => Promise<Cloud>>> = {
  async s3() {
    const server = await startMoto();
    const { id, secret } = await makeUser(server);
    await create(`${server.url}/books`, { method: "PUT" });
    await requireSignatures(server);
    const through = (port: number, key = secret) => ({
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: id,
      AWS_SECRET_ACCESS_KEY: key,
    });
    return cloud(server, "s3://books", {
      through,
      stranger: through(server.port, "another"),
      secrets: [secret],
    });
  },
  async gs() {
    const server = await startFakeGcs();
    await create(`${server.url}/storage/v1/b`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: "books" }),
    });
    return cloud(server, "gs://books", {
      through: (port) => ({
        STORAGE_EMULATOR_HOST: `http://127.0.0.1:${port}`,
      }),
      stranger: null,
      secrets: [],
    });
  },
  async az() {
    const server = await startAzurite();
    await createContainer(server, "books");
    const through = (port: number, key = ACCOUNT_KEY) => ({
      AZURE_STORAGE_CONNECTION_STRING: connectionString(port, key),
    });
    return cloud(server, "az://books", {
      through,
      stranger: through(server.port, btoa("another key")),
      secrets: [ACCOUNT_KEY],
    });
  },
};

function cloud(
  server: Service,
  root: string,
  access: Pick<Cloud, "through" | "stranger" | "secrets">,
): Cloud {
  return {
    ...access,
    port: server.port,
    host: `127.0.0.1:${server.port}`,
    root,
    env: access.through(server.port),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function create(url: string, init: RequestInit): Promise<void> {
  const answer = await fetch(url, init);
  await answer.body?.cancel();
  assertEquals(answer.status, 200);
}
