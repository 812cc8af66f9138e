import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { RecotemError } from "../../../core/errors.ts";
import {
  HttpStore,
  type HttpStoreOptions,
} from "../../../core/storage/http_store.ts";
import { CertificateAuthority } from "./certificates.ts";
import { readAll } from "./store_contract.ts";
import { answer, redirect, WebServer } from "./web_server.ts";

function httpStore(options: Partial<HttpStoreOptions> = {}): HttpStore {
  return new HttpStore({
    refuse: () => null,
    lookup: (_name, { all }, callback) =>
      all
        ? callback(null, [{ address: "127.0.0.1", family: 4 }])
        : callback(null, "127.0.0.1", 4),
    maxBytes: 1000,
    timeoutSeconds: 10,
    firstRetryMs: 1,
    ...options,
  });
}

/** Registers a test that has an authority; it shows why nothing is tested where there is none. */
function test(
  criterion: string,
  run: (authority: CertificateAuthority) => Promise<void>,
): void {
  Deno.test(`HttpStore.read() ${criterion}`, async (t) => {
    await using authority = await CertificateAuthority.make();
    if (authority) return await run(authority);
    await t.step({ name: "there is no openssl", ignore: true, fn() {} });
  });
}

async function refused(
  store: HttpStore,
  uri: string,
  message: RegExp,
): Promise<void> {
  const error = await assertRejects(() => store.read(uri), RecotemError);
  assertEquals(error.code, "http_fetch_error");
  assertMatch(error.message, message);
}

test("sends the name for Host and SNI, and takes a certificate for it from a trusted authority", async (authority) => {
  const { cert, key } = await authority.certify("DNS:data.test");
  const seen: unknown[] = [];
  const server = createServer({
    cert,
    key,
    SNICallback(name, callback) {
      seen.push(name);
      callback(null);
    },
  }, (request, response) => {
    seen.push(request.headers.host);
    response.end("x");
  });
  await new Promise<void>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve())
  );
  const { port } = server.address() as AddressInfo;
  try {
    const store = httpStore({ caCerts: [authority.cert] });
    const bytes = await readAll(store, `https://data.test:${port}/`);
    assertEquals(bytes.length, 1);
    assertEquals(seen, ["data.test", `data.test:${port}`]);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});

test("takes a certificate for an address", async (authority) => {
  const tls = await authority.certify("IP:127.0.0.1");
  await using server = new WebServer(() => answer("x"), { tls });
  const store = httpStore({ caCerts: [authority.cert] });
  const uri = `https://127.0.0.1:${server.port}/`;
  assertEquals((await readAll(store, uri)).length, 1);
});

test("sends no request to a server whose certificate is not trusted, is for another name or has run out", async (authority) => {
  await using other = await CertificateAuthority.make();
  const trusting = httpStore({ caCerts: [authority.cert] });
  const cases = [
    [httpStore(), await authority.certify("DNS:data.test")],
    [trusting, await other!.certify("DNS:data.test")],
    [trusting, await authority.certify("DNS:other.test")],
    [trusting, await authority.certify("IP:127.0.0.1")],
    [trusting, await authority.certify("DNS:data.test", -1)],
  ] as const;
  for (const [store, tls] of cases) {
    await using server = new WebServer(() => answer("x"), { tls });
    await refused(
      store,
      `https://data.test:${server.port}/`,
      /^Cannot fetch https:\/\/data\.test.*certificate/i,
    );
    assertEquals([server.requests.length, server.connections], [0, 1]);
  }
});

test("checks certificates also where a variable says not to", async (authority) => {
  const tls = await authority.certify("DNS:data.test");
  await using server = new WebServer(() => answer("x"), { tls });
  Deno.env.set("NODE_TLS_REJECT_UNAUTHORIZED", "0");
  try {
    await refused(
      httpStore(),
      `https://data.test:${server.port}/`,
      /certificate/,
    );
  } finally {
    Deno.env.delete("NODE_TLS_REJECT_UNAUTHORIZED");
  }
  assertEquals(server.requests.length, 0);
});

test("judges the certificate of a redirect's host", async (authority) => {
  const tls = await authority.certify("DNS:data.test");
  await using server: WebServer = new WebServer(
    ({ path }) =>
      path === "/"
        ? redirect(`https://other.test:${server.port}/a`)
        : answer("x"),
    { tls },
  );
  await refused(
    httpStore({ caCerts: [authority.cert] }),
    `https://data.test:${server.port}/`,
    /^Cannot fetch https:\/\/other\.test.*certificate/,
  );
  assertEquals(server.requests.length, 1);
});

test("gives up at the deadline on a server that never answers the handshake", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  try {
    await refused(
      httpStore({ timeoutSeconds: 0.2 }),
      `https://data.test:${listener.addr.port}/`,
      /took longer than 0\.2 s/,
    );
  } finally {
    listener.close();
  }
});

test("refuses a redirect from https to http", async (authority) => {
  const tls = await authority.certify("DNS:data.test");
  await using server = new WebServer(() => redirect("http://data.test/"), {
    tls,
  });
  await refused(
    httpStore({ caCerts: [authority.cert] }),
    `https://data.test:${server.port}/`,
    /another scheme/,
  );
});
