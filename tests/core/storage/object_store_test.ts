/**
 * What object stores do when their service fails, is busy or answers strangely. How they do when it does not is tested
 * against real servers.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { RecotemError } from "../../../core/errors.ts";
import { AzureStore } from "../../../core/storage/azure_store.ts";
import { GcsStore } from "../../../core/storage/gcs_store.ts";
import { S3Store } from "../../../core/storage/s3_store.ts";
import { delay } from "../../../core/std/async.ts";
import type { Store } from "../../../core/storage/store.ts";
import { s3, stored } from "./s3_server.ts";
import { readAll } from "./store_contract.ts";
import { answer, type RawAnswer, WebServer } from "./web_server.ts";

function gcs(server: WebServer, waitSeconds?: number): Store {
  const url = `http://127.0.0.1:${server.port}`;
  return new GcsStore(new Map([["STORAGE_EMULATOR_HOST", url]]), waitSeconds);
}

function azure(server: WebServer, waitSeconds?: number): Store {
  const connection =
    `AccountName=books;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:${server.port}/books`;
  return new AzureStore(
    new Map([["AZURE_STORAGE_CONNECTION_STRING", connection]]),
    waitSeconds,
  );
}

/** Store, URI of an object in it, and a successful answer to storing it. */
const STORES: readonly [
  string,
  (server: WebServer, waitSeconds?: number) => Store,
  string,
  string,
][] = [
  ["S3Store", s3, "s3://bucket/a", stored("")],
  ["GcsStore", gcs, "gs://bucket/a", stored('{"generation":"7"}')],
  ["AzureStore", azure, "az://container/a", stored("")],
];

/** An answer that is never finished. */
async function* saying(
  text: string,
  end: Promise<void>,
): AsyncGenerator<string> {
  yield text;
  await end;
}

/** An answer that comes after a while. */
async function* late(text: string, milliseconds: number) {
  await delay(milliseconds);
  yield text;
}

const VERSION = { marker: "6", size: 1 };
const ONE = [Uint8Array.of(1)];

for (const [name, open, uri, success] of STORES) {
  Deno.test(`${name} reads again after a failure of the service, a cut connection and a plea to wait`, async () => {
    const failures: RawAnswer[] = [
      answer("", { status: 500 }),
      "",
      answer("", { status: 429 }),
    ];
    await using server = new WebServer(() => failures.shift() ?? answer("abc"));
    const bytes = await readAll(open(server), uri);
    assertEquals(new TextDecoder().decode(bytes), "abc");
    assertEquals(server.requests.length, 4);
  });

  Deno.test(`${name} gives full chunks, however the bytes arrive, and lets go of what is not read`, async () => {
    const body = "0123456789".repeat(60_000);
    await using server = new WebServer(() => answer(body));
    const store = open(server);
    const { signal } = new AbortController();
    const sizes: number[] = [];
    let text = "";
    for await (const chunk of await store.read(uri, { signal })) {
      sizes.push(chunk.length);
      text += new TextDecoder().decode(chunk);
    }
    assertEquals(sizes, [2 ** 18, 2 ** 18, 600_000 - 2 ** 19]);
    assert(text === body);
    // What is left open fails this test.
    await (await store.read(uri, { signal })).cancel();
    for await (const _ of await store.read(uri)) break;
  });

  Deno.test(`${name} writes again after a failure when there is no condition`, async () => {
    await using server = new WebServer(({ earlier }) =>
      earlier === 0 ? answer("", { status: 500 }) : success
    );
    await open(server).write(uri, ONE);
    assertEquals(server.requests.length, 2);
  });

  Deno.test(`${name} does not write again under a condition: the first may have come through`, async () => {
    for (const failure of [answer("", { status: 500 }), ""]) {
      await using server = new WebServer(() => failure);
      await assertRejects(() =>
        open(server).write(uri, ONE, { ifVersion: VERSION })
      );
      assertEquals(server.requests.length, 1);
    }
  });

  Deno.test(`${name} writes again under a condition when the service did nothing and asks to come again`, async () => {
    await using server = new WebServer(({ earlier }) =>
      earlier < 2 ? answer("", { status: 503 }) : success
    );
    const { size } = await open(server).write(uri, ONE, { ifVersion: VERSION });
    assertEquals(size, 1);
    assertEquals(server.requests.length, 3);
  });

  for (const status of [404, 409, 412]) {
    Deno.test(`${name} takes ${status} for a write under a condition as lost against another writer`, async () => {
      await using server = new WebServer(() => answer("", { status }));
      const error = await assertRejects(
        () => open(server).write(uri, ONE, { ifVersion: VERSION }),
        RecotemError,
      );
      assertEquals(error.code, "lock_contested");
      assertEquals(server.requests.length, 1);
    });
  }

  Deno.test(`${name} tells missing rights and redirects, and follows none`, async () => {
    for (const status of [401, 403]) {
      await using server = new WebServer(() => answer("", { status }));
      await assertRejects(
        () => open(server).read(uri),
        Deno.errors.PermissionDenied,
        `${uri}: status ${status}`,
      );
    }
    await using server: WebServer = new WebServer(({ path }) =>
      answer("", {
        status: 307,
        headers: { location: `http://127.0.0.1:${server.port}${path}/b` },
      })
    );
    await assertRejects(() => open(server).read(uri), Error, "another region");
    assertEquals(server.requests.length, 1);
  });

  Deno.test(`${name} refuses all bytes when it asked for some`, async () => {
    await using server = new WebServer(() => answer("abc"));
    await assertRejects(
      () => open(server).read(uri, { start: 1 }),
      Error,
      "does not give ranges",
    );
  });

  Deno.test(`${name} gives the bytes as they are stored, whatever their content encoding`, async () => {
    const head = new TextEncoder().encode(
      "HTTP/1.1 206 X\r\ncontent-encoding: gzip\r\ncontent-length: 3\r\n\r\n",
    );
    await using server = new WebServer(() =>
      Uint8Array.of(...head, 0x1f, 0x8b, 8)
    );
    assertEquals(
      await readAll(open(server), uri),
      Uint8Array.of(0x1f, 0x8b, 8),
    );
    assertEquals(server.requests[0]!.headers.get("range"), "bytes=0-");
  });

  Deno.test(`${name} rejects reading when the connection is cut within the bytes`, async () => {
    await using server = new WebServer(() =>
      "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc"
    );
    await assertRejects(
      () => readAll(open(server), uri),
      Error,
      `The connection to the object store of ${uri} failed: it was cut`,
    );
  });

  Deno.test(`${name} gives up on a service that says nothing any more, before and within the bytes`, async () => {
    for (
      const [said, requests] of [
        ["", 4],
        ["HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc", 1],
      ] as const
    ) {
      const end = Promise.withResolvers<void>();
      await using server = new WebServer(() => saying(said, end.promise));
      await assertRejects(
        () => readAll(open(server, 0.1), uri),
        Error,
        `The object store of ${uri} said nothing for 0.1 s`,
      );
      assertEquals(server.requests.length, requests);
      end.resolve();
    }
  });

  Deno.test(`${name} waits longer for the answer to a body, which a slow uplink takes its time for`, async () => {
    await using server = new WebServer(() => late(success, 300));
    const body = [new Uint8Array(2 ** 15)];
    await open(server, 0.1).write(uri, body, { ifVersion: VERSION });
    assertEquals(server.requests.length, 1);
  });

  Deno.test(`${name} stops to list when it is told to, before and while it waits`, async () => {
    const stop = new AbortController();
    await using server = new WebServer(() => {
      stop.abort(new Error("stop"));
      return late("", 100);
    });
    const folder = uri.slice(0, uri.lastIndexOf("/") + 1);
    const list = (signal: AbortSignal) =>
      Array.fromAsync(open(server).list(folder, signal));
    const stopped = AbortSignal.abort(new Error("stopped"));
    await assertRejects(() => list(stopped), Error, "stopped");
    assertEquals(server.connections, 0);
    await assertRejects(() => list(stop.signal), Error, "stop");
    assertEquals(server.connections, 1);
  });

  Deno.test(`${name} refuses names that URLs cannot carry, and URIs without one`, async () => {
    await using server = new WebServer(() => answer(""));
    const store = open(server);
    const scheme = uri.slice(0, uri.indexOf(":"));
    for (const place of ["bucket/a/../b", "bucket/.", "bucket", "/a"]) {
      await assertRejects(() => store.stat(`${scheme}://${place}`), TypeError);
    }
    assertEquals(server.connections, 0);
  });
}

Deno.test("S3Store and AzureStore say which variables grant access when none does", async () => {
  const stores: [Store, string, string][] = [
    [new S3Store(new Map()), "s3://bucket/a", "AWS_SECRET_ACCESS_KEY"],
    [
      new AzureStore(new Map([["AZURE_STORAGE_ACCOUNT_NAME", "books"]])),
      "az://container/a",
      "AZURE_STORAGE_ACCOUNT_KEY",
    ],
  ];
  for (const [store, uri, variable] of stores) {
    await assertRejects(
      () => store.stat(uri),
      Deno.errors.PermissionDenied,
      variable,
    );
  }
});
