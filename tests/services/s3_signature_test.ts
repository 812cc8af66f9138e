import { assertEquals, assertRejects } from "@std/assert";
import { S3Store } from "../../core/storage/s3_store.ts";
import { temporaryFile } from "../core/storage/own_network.ts";
import { readAll } from "../core/storage/store_contract.ts";
import { makeUser, requireSignatures, startMoto } from "./moto.ts";
import type { Service } from "./service.ts";

const BUCKET = "books";

Deno.test("S3Store signs all its requests so that Amazon's own library finds them signed", async () => {
  await using moto = await startMoto();
  const { id, secret } = await makeUser(moto);
  await createBucket(moto);
  await requireSignatures(moto);
  const s3Store = (key: string) =>
    new S3Store(
      new Map([
        ["AWS_ENDPOINT_URL", moto.url],
        ["AWS_ACCESS_KEY_ID", id],
        ["AWS_SECRET_ACCESS_KEY", key],
      ]),
    );
  const store = s3Store(secret);
  const names = ["a b+c!'()*", "ü", "a%20=&?#", "x"];
  for (const name of names) {
    const uri = `s3://${BUCKET}/${name}`;
    const version = await store.write(uri, [Uint8Array.of(1, 2, 3)], {
      ifVersion: null,
    });
    assertEquals(await store.stat(uri), version);
    assertEquals((await readAll(store, uri, { start: 1 })).length, 2);
    await store.write(uri, [new Uint8Array(9_000_000)], { ifVersion: version });
  }
  assertEquals(
    (await Array.fromAsync(store.list(`s3://${BUCKET}/`)))
      .map(({ name }) => name).sort(),
    names.sort(),
  );
  await assertRejects(
    () => s3Store("another").write(`s3://${BUCKET}/a`, []),
    Deno.errors.PermissionDenied,
    "SignatureDoesNotMatch",
  );
});

Deno.test("S3Store asks with the keys of a profile of Amazon's file", async () => {
  await using moto = await startMoto();
  const { id, secret } = await makeUser(moto);
  await createBucket(moto);
  await requireSignatures(moto);
  await using file = await temporaryFile(
    "credentials",
    `[default]\naws_access_key_id = ${id}\naws_secret_access_key = wrong\n` +
      `[shop]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`,
  );
  const storeOf = (...profile: [string, string][]) =>
    new S3Store(
      new Map([
        ["AWS_ENDPOINT_URL", moto.url],
        ["AWS_SHARED_CREDENTIALS_FILE", file.path],
        ...profile,
      ]),
    );
  const uri = `s3://${BUCKET}/a`;
  const store = storeOf(["AWS_PROFILE", "shop"]);
  await store.write(uri, [Uint8Array.of(1)]);
  assertEquals(await readAll(store, uri), Uint8Array.of(1));
  await assertRejects(
    () => storeOf().write(uri, [Uint8Array.of(1)]),
    Deno.errors.PermissionDenied,
    "SignatureDoesNotMatch",
  );
});

Deno.test("S3Store asks with the credentials of the role that a token stands for", async () => {
  await using moto = await startMoto();
  await createBucket(moto);
  await using token = await temporaryFile("token", "a.b.c\n");
  const store = new S3Store(
    new Map([
      ["AWS_ENDPOINT_URL", moto.url],
      ["AWS_WEB_IDENTITY_TOKEN_FILE", token.path],
      ["AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/trainer"],
    ]),
  );
  const uri = `s3://${BUCKET}/a`;
  await store.write(uri, [Uint8Array.of(1)]);
  assertEquals(await readAll(store, uri), Uint8Array.of(1));
});

async function createBucket({ url }: Service): Promise<void> {
  const answer = await fetch(`${url}/${BUCKET}`, { method: "PUT" });
  await answer.body?.cancel();
  assertEquals(answer.status, 200);
}
