import { assert, assertEquals, assertRejects } from "@std/assert";
import { S3Store } from "../../core/storage/s3_store.ts";
import { namesIn, testStore } from "../core/storage/store_contract.ts";
import { assertKeepsNames } from "./assert_keeps_names.ts";
import { startMoto } from "./moto.ts";
import type { Service } from "./service.ts";

const BUCKET = "models.and-data";

let moto: Service;

Deno.test.beforeAll(async () => {
  moto = await startMoto();
  const answer = await fetch(`${moto.url}/${BUCKET}`, { method: "PUT" });
  await answer.body?.cancel();
  assertEquals(answer.status, 200);
});

Deno.test.afterAll(() => moto[Symbol.asyncDispose]());

function environment(): Map<string, string> {
  return new Map([
    ["AWS_ENDPOINT_URL", moto.url],
    ["AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"],
    ["AWS_SECRET_ACCESS_KEY", "example"],
    ["AWS_SESSION_TOKEN", "token"],
    ["AWS_REGION", "eu-central-1"],
  ]);
}

/** Objects below a folder, and uploads anywhere that were begun and neither finished nor cancelled. */
async function countAll(folder: string): Promise<number> {
  const count = async (query: string, element: string) => {
    const answer = await fetch(`${moto.url}/${BUCKET}?${query}`);
    return (await answer.text()).split(`<${element}>`).length - 1;
  };
  return await count(`list-type=2&prefix=${folder}`, "Key") +
    await count("uploads", "Upload");
}

testStore("S3Store", (run) => {
  const folder = crypto.randomUUID();
  return run({
    store: new S3Store(environment()),
    root: `s3://${BUCKET}/${folder}`,
    countAll: () => countAll(folder),
  });
});

Deno.test("S3Store takes any key as it is", async () => {
  const store = new S3Store(environment());
  const folder = `s3://${BUCKET}/${crypto.randomUUID()}`;
  const names = [
    "a b",
    "a+b",
    "a%20b",
    "ü日本",
    "a?b",
    "a#b",
    "a&b=c",
    "!'()*~;:@$,[]",
    "...",
  ];
  await assertKeepsNames(store, folder, names);
});

Deno.test("S3Store lists more objects than one answer holds", async () => {
  const store = new S3Store(environment());
  const folder = `s3://${BUCKET}/${crypto.randomUUID()}`;
  for (let i = 0; i < 1100; i += 50) {
    await Promise.all(
      Array.from(
        { length: 50 },
        (_, k) => store.write(`${folder}/${i + k}`, []),
      ),
    );
  }
  const names = await namesIn(store, folder);
  assertEquals(new Set(names).size, 1100);
});

Deno.test("S3Store leaves nothing of a large write that fails", async () => {
  const store = new S3Store(environment());
  const folder = crypto.randomUUID();
  const uri = `s3://${BUCKET}/${folder}/a`;
  const large = new Uint8Array(20_000_000);
  const controller = new AbortController();
  await assertRejects(
    () =>
      store.write(uri, [large], {
        beforeCommit: () => Promise.reject(new Error("No")),
      }),
    Error,
    "No",
  );
  await assertRejects(() =>
    store.write(uri, [large], {
      signal: controller.signal,
      beforeCommit: () => Promise.resolve(controller.abort()),
    }), DOMException);
  await store.write(uri, [Uint8Array.of(1)]);
  await assertRejects(() => store.write(uri, [large], { ifVersion: null }));
  assertEquals(await countAll(folder), 1);
});

Deno.test("S3Store tells a bucket that is not there", async () => {
  const store = new S3Store(environment());
  assertEquals(await store.stat("s3://no-such-bucket/a"), null);
  const error = await assertRejects(
    () => store.write("s3://no-such-bucket/a", []),
    Deno.errors.NotFound,
    "NoSuchBucket",
  );
  assert(error.message.includes("s3://no-such-bucket/a"));
});
