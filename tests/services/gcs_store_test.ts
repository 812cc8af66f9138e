import { assertEquals, assertRejects } from "@std/assert";
import { GcsStore } from "../../core/storage/gcs_store.ts";
import { testStore } from "../core/storage/store_contract.ts";
import { assertKeepsNames } from "./assert_keeps_names.ts";
import { startFakeGcs } from "./fake_gcs.ts";
import type { Service } from "./service.ts";

const BUCKET = "models.and_data";

let server: Service;

Deno.test.beforeAll(async () => {
  server = await startFakeGcs();
  const answer = await fetch(`${server.url}/storage/v1/b`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: BUCKET }),
  });
  await answer.body?.cancel();
  assertEquals(answer.status, 200);
});

Deno.test.afterAll(() => server[Symbol.asyncDispose]());

function gcsStore(): GcsStore {
  return new GcsStore(new Map([["STORAGE_EMULATOR_HOST", server.url]]));
}

async function countAll(folder: string): Promise<number> {
  const answer = await fetch(
    `${server.url}/storage/v1/b/${BUCKET}/o?prefix=${folder}`,
  );
  return ((await answer.json()).items ?? []).length;
}

testStore("GcsStore", (run) => {
  const folder = crypto.randomUUID();
  return run({
    store: gcsStore(),
    root: `gs://${BUCKET}/${folder}`,
    countAll: () => countAll(folder),
  });
});

Deno.test("GcsStore takes any name as it is", async () => {
  const store = gcsStore();
  const folder = `gs://${BUCKET}/${crypto.randomUUID()}`;
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

Deno.test("GcsStore leaves nothing of a large write that fails", async () => {
  const store = gcsStore();
  const folder = crypto.randomUUID();
  const uri = `gs://${BUCKET}/${folder}/a`;
  const large = new Uint8Array(20_000_000);
  await assertRejects(
    () =>
      store.write(uri, [large], {
        beforeCommit: () => Promise.reject(new Error("No")),
      }),
    Error,
    "No",
  );
  assertEquals(await countAll(folder), 0);
});

Deno.test("GcsStore tells a bucket that is not there", async () => {
  const store = gcsStore();
  assertEquals(await store.stat("gs://no-such-bucket/a"), null);
  await assertRejects(
    () => store.write("gs://no-such-bucket/a", []),
    Deno.errors.NotFound,
    "gs://no-such-bucket/a",
  );
});
