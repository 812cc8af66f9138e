import { assertEquals, assertRejects } from "@std/assert";
import { createHmac } from "node:crypto";
import { AzureStore } from "../../core/storage/azure_store.ts";
import { readAll, testStore } from "../core/storage/store_contract.ts";
import { assertKeepsNames } from "./assert_keeps_names.ts";
import { createContainer } from "./azure_container.ts";
import {
  ACCOUNT,
  ACCOUNT_KEY,
  connectionString,
  startAzurite,
} from "./azurite.ts";
import type { Service } from "./service.ts";

const CONTAINER = "models";

let server: Service;

Deno.test.beforeAll(async () => {
  server = await startAzurite();
  await createContainer(server, CONTAINER);
});

Deno.test.afterAll(() => server[Symbol.asyncDispose]());

function azureStore(connection = connectionString(server.port)): AzureStore {
  return new AzureStore(
    new Map([["AZURE_STORAGE_CONNECTION_STRING", connection]]),
  );
}

for (const scheme of ["az", "abfss"]) {
  testStore(`AzureStore, ${scheme},`, (run) => {
    const root = `${scheme}://${CONTAINER}/${crypto.randomUUID()}`;
    return run({ store: azureStore(), root });
  });
}

Deno.test("AzureStore takes any name as it is", async () => {
  const store = azureStore();
  const folder = `az://${CONTAINER}/${crypto.randomUUID()}`;
  const names = [
    "a b",
    "a+b",
    "a%20b",
    "ü日本",
    "a?b",
    "a#b",
    "a&b=c",
    "!'()*~",
  ];
  await assertKeepsNames(store, folder, names);
});

Deno.test("AzureStore may be granted access by a signature in place of the key", async () => {
  const uri = `az://${CONTAINER}/${crypto.randomUUID()}/a`;
  const sas = (permissions: string) =>
    azureStore([
      `BlobEndpoint=${server.url}/${ACCOUNT}`,
      `AccountName=${ACCOUNT}`,
      `SharedAccessSignature=?${sharedAccessSignature(permissions)}`,
    ].join(";"));
  await sas("rwlc").write(uri, [Uint8Array.of(1)]);
  assertEquals(await readAll(sas("r"), uri), Uint8Array.of(1));
  await assertRejects(
    () => sas("r").write(uri, []),
    Deno.errors.PermissionDenied,
  );
});

/** Access to the account's objects, containers and lists of them, for an hour. */
function sharedAccessSignature(permissions: string): string {
  const expiry = new Date(Date.now() + 3_600_000).toISOString().slice(0, 19) +
    "Z";
  const version = "2020-08-04";
  const text = [
    ACCOUNT,
    permissions,
    "b",
    "sco",
    "",
    expiry,
    "",
    "",
    version,
    "",
  ].join("\n");
  const signature = createHmac("sha256", Uint8Array.fromBase64(ACCOUNT_KEY))
    .update(text).digest("base64");
  return new URLSearchParams({
    sv: version,
    ss: "b",
    srt: "sco",
    sp: permissions,
    se: expiry,
    sig: signature,
  }).toString();
}

Deno.test("AzureStore is refused with another key", async () => {
  const connection = connectionString(server.port, btoa("another key"));
  await assertRejects(
    () => azureStore(connection).stat(`az://${CONTAINER}/a`),
    Deno.errors.PermissionDenied,
    "403",
  );
});

Deno.test("AzureStore tells a container that is not there", async () => {
  const store = azureStore();
  assertEquals(await store.stat("az://nowhere/a"), null);
  await assertRejects(
    () => store.write("az://nowhere/a", []),
    Deno.errors.NotFound,
    "ContainerNotFound",
  );
});
