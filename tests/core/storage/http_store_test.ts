import { assert, assertEquals, assertRejects } from "@std/assert";
import type { LookupFunction } from "node:net";
import { RecotemError } from "../../../core/errors.ts";
import {
  HttpStore,
  type HttpStoreOptions,
} from "../../../core/storage/http_store.ts";
import { refuseAddress } from "../../../core/storage/refuse_address.ts";
import { readAll } from "./store_contract.ts";
import { answer, redirect, WebServer } from "./web_server.ts";

/** A store to which 127.0.0.1 is the public internet, and all else is what it is. */
function httpStore(options: Partial<HttpStoreOptions> = {}): HttpStore {
  return new HttpStore({
    refuse: (address) =>
      address === "127.0.0.1" ? null : refuseAddress(address),
    lookup: names({ "data.test": [["127.0.0.1"]] }),
    maxBytes: 1000,
    timeoutSeconds: 10,
    firstRetryMs: 1,
    ...options,
  });
}

/** Resolves names to the first list of addresses at the first look-up, to the next at the next. */
function names(
  table: Readonly<Record<string, readonly (readonly string[])[]>>,
): LookupFunction {
  const counts = new Map<string, number>();
  return (name, options, callback) => {
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    const lists = table[name] ?? [];
    const addresses = (lists[count] ?? lists.at(-1) ?? []).map((address) => ({
      address,
      family: address.includes(":") ? 6 : 4,
    })).filter(({ family }) => !options.family || options.family === family);
    const [first] = addresses;
    queueMicrotask(() => {
      if (lists[0]?.length === 0 && options.all) callback(null, []);
      else if (first === undefined) {
        callback(
          Object.assign(new Error(`ENOTFOUND ${name}`), { code: "ENOTFOUND" }),
          "",
        );
      } else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

async function refused(
  run: () => Promise<unknown>,
  message: string,
): Promise<RecotemError> {
  const error = await assertRejects(run, RecotemError, message);
  assertEquals(error.code, "http_fetch_error");
  assertEquals(error.exitCode, 7);
  assert(!error.message.includes("\n"));
  return error;
}

Deno.test("HttpStore.read() asks once, with the name as host and its own name as agent", async () => {
  await using server = new WebServer(() => answer("user,item\n"));
  const uri = `http://data.test:${server.port}/a%20b/rows.csv?x=1&y#part`;
  assertEquals(
    new TextDecoder().decode(await readAll(httpStore(), uri)),
    "user,item\n",
  );
  assertEquals(server.requests.length, 1);
  const { method, path, headers } = server.requests[0]!;
  assertEquals([method, path], ["GET", "/a%20b/rows.csv?x=1&y"]);
  assertEquals(Object.fromEntries(headers), {
    accept: "*/*",
    connection: "close",
    host: `data.test:${server.port}`,
    "user-agent": "recotem/2",
  });
});

Deno.test("HttpStore.read() gives ranges of the body, of any length and encoding of length", async () => {
  const bodies = [
    answer("abcdef"),
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n3\r\ncde\r\n1\r\nf\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\n\r\nabcdef",
  ];
  for (const body of bodies) {
    await using server = new WebServer(() => body);
    const uri = `http://127.0.0.1:${server.port}/`;
    for (
      const [range, expected] of [
        [{}, "abcdef"],
        [{ start: 1, end: 3 }, "bc"],
        [{ start: 4, end: 100 }, "ef"],
        [{ start: 9 }, ""],
      ] as const
    ) {
      const bytes = await readAll(httpStore(), uri, range);
      assertEquals(new TextDecoder().decode(bytes), expected);
    }
    await assertRejects(
      () => httpStore().read(uri, { start: 3, end: 2 }),
      RangeError,
    );
  }
});

Deno.test("HttpStore neither writes nor lists nor removes", async () => {
  const store = httpStore();
  await assertRejects(() => store.write(), Deno.errors.NotSupported);
  await assertRejects(() => store.remove(), Deno.errors.NotSupported);
  await assertRejects(
    () => Array.fromAsync(store.list()),
    Deno.errors.NotSupported,
  );
});

for (const status of [301, 302, 303, 307, 308]) {
  Deno.test(`HttpStore.read() follows ${status} by another GET request, and tells where to`, async () => {
    await using server = new WebServer(({ path }) =>
      path === "/a/b" ? redirect("../c?sig=secret#d", status) : answer("x")
    );
    const told: string[] = [];
    const stream = await httpStore().read(
      `http://data.test:${server.port}/a/b`,
      { onRedirect: (uri) => told.push(uri) },
    );
    assertEquals(await new Response(stream).text(), "x");
    assertEquals(
      server.requests.map(({ method, path }) => `${method} ${path}`),
      ["GET /a/b", "GET /c?sig=secret"],
    );
    assertEquals(told, [`http://data.test:${server.port}/c`]);
  });
}

Deno.test("HttpStore.read() follows five redirects and refuses a sixth", async () => {
  await using server = new WebServer(({ path }) => {
    const left = Number(path.slice(1));
    return left === 0 ? answer("x") : redirect(`/${left - 1}`);
  });
  const uri = `http://127.0.0.1:${server.port}`;
  assertEquals((await readAll(httpStore(), `${uri}/5`)).length, 1);
  assertEquals(server.requests.length, 6);
  await refused(() => httpStore().read(`${uri}/6`), "more than 5 steps");
  assertEquals(server.requests.length, 12);
});

/** What a redirect says → why it is not followed. */
const BAD_REDIRECTS: readonly [string, string, string][] = [
  ["to itself", redirect("/start"), "leads back to"],
  ["to another scheme", redirect("https://data.test/"), "another scheme"],
  ["to a file", redirect("file:///etc/passwd"), "another scheme"],
  ["with a user", redirect("//me@data.test/"), "user or password"],
  ["with a password", redirect("//:pw@data.test/"), "user or password"],
  ["that leads nowhere", answer("", { status: 302 }), "no Location"],
  ["that is malformed", redirect("http://[/"), "malformed"],
];

for (const [what, raw, message] of BAD_REDIRECTS) {
  Deno.test(`HttpStore.read() refuses a redirect ${what}, after one request`, async () => {
    await using server = new WebServer(() => raw);
    const error = await refused(
      () => httpStore().read(`http://data.test:${server.port}/start`),
      message,
    );
    assertEquals(error.message.includes("pw"), false);
    assertEquals(server.requests.length, 1);
  });
}

Deno.test("HttpStore.read() refuses a loop of redirects", async () => {
  await using server = new WebServer(({ path }) =>
    redirect(path === "/a" ? "/b" : "/a")
  );
  await refused(
    () => httpStore().read(`http://127.0.0.1:${server.port}/a`),
    "leads back to",
  );
  assertEquals(server.requests.length, 2);
});

for (const target of ["127.0.0.2", "0x7f.2", "[::1]", "private.test"]) {
  Deno.test(`HttpStore.read() makes no connection when a redirect leads to ${target}`, async () => {
    await using inside = new WebServer(() => answer("secret"), {
      hostname: target === "[::1]" ? "::1" : "127.0.0.2",
    });
    await using server = new WebServer(() =>
      redirect(`http://${target}:${inside.port}/`)
    );
    const lookup = names({
      "data.test": [["127.0.0.1"]],
      "private.test": [["127.0.0.2"]],
    });
    const error = await refused(
      () => httpStore({ lookup }).read(`http://data.test:${server.port}/`),
      "a loopback address",
    );
    assertEquals(error.details.reason, "private_address");
    assertEquals([server.connections, inside.connections], [1, 0]);
  });
}

Deno.test("HttpStore.read() makes no connection to a name that turns private between two look-ups", async () => {
  await using inside = new WebServer(() => answer("secret"), {
    hostname: "127.0.0.2",
  });
  await using server = new WebServer(() =>
    redirect(`http://data.test:${inside.port}/`)
  );
  const lookup = names({ "data.test": [["127.0.0.1"], ["127.0.0.2"]] });
  await refused(
    () => httpStore({ lookup }).read(`http://data.test:${server.port}/`),
    "Host data.test is at 127.0.0.2",
  );
  assertEquals([server.connections, inside.connections], [1, 0]);
});

Deno.test("HttpStore.read() judges again before another attempt", async () => {
  await using server = new WebServer(() => answer("", { status: 500 }));
  const lookup = names({ "data.test": [["127.0.0.1"], ["10.0.0.1"]] });
  await refused(
    () => httpStore({ lookup }).read(`http://data.test:${server.port}/`),
    "a private address",
  );
  assertEquals(server.connections, 1);
});

Deno.test("HttpStore.read() makes no connection when one of several addresses is private", async () => {
  await using server = new WebServer(() => answer("x"));
  for (const other of ["10.0.0.1", "fe80::1", "::ffff:127.0.0.2"]) {
    for (const addresses of [["127.0.0.1", other], [other, "127.0.0.1"]]) {
      const lookup = names({ "data.test": [addresses] });
      await refused(
        () => httpStore({ lookup }).read(`http://data.test:${server.port}/`),
        `Host data.test is at ${other}`,
      );
    }
  }
  assertEquals(server.connections, 0);
});

Deno.test("HttpStore.read() tries an address of the other family when the first cannot be reached", async () => {
  await using server = new WebServer(() => answer("x"));
  const lookup = names({ "data.test": [["::1", "127.0.0.1"]] });
  const store = httpStore({ lookup, refuse: () => null });
  const uri = `http://data.test:${server.port}/`;
  assertEquals((await readAll(store, uri)).length, 1);
});

Deno.test("HttpStore refuses a name without addresses", async () => {
  const uri = "http://nowhere.test/";
  const message = "Host nowhere.test has no address";
  await refused(() => httpStore().read(uri), message);
  await refused(() => httpStore().stat(uri), message);
  const lookup = names({ "nowhere.test": [[]] });
  await refused(() => httpStore({ lookup }).stat(uri), message);
});

Deno.test("HttpStore.stat() gives up on a name that is not resolved in time", async () => {
  await refused(
    () =>
      httpStore({ lookup: () => {}, timeoutSeconds: 0.1 }).stat(
        "http://data.test/",
      ),
    "took longer than 0.1 s",
  );
});

Deno.test("HttpStore refuses a user or password in the URI, and does not repeat them", async () => {
  for (
    const uri of ["http://me:secret@data.test/", "http://secret@data.test/"]
  ) {
    const error = await refused(
      () => httpStore().read(uri),
      "user or password",
    );
    assertEquals(error.message.includes("secret"), false);
    await refused(() => httpStore().stat(uri), "user or password");
  }
});

Deno.test("HttpStore.stat() judges all addresses of the host and sends nothing", async () => {
  await using server = new WebServer(() => answer("x"));
  const lookup = names({
    "data.test": [["127.0.0.1"]],
    "private.test": [["127.0.0.1", "192.168.0.1"]],
  });
  const store = httpStore({ lookup });
  const version = { marker: "", size: null };
  assertEquals(
    await store.stat(`http://data.test:${server.port}/`),
    version,
  );
  assertEquals(
    await store.stat(`http://127.0.0.1:${server.port}/`),
    version,
  );
  await refused(
    () => store.stat("https://private.test/"),
    "Host private.test is at 192.168.0.1, a private address",
  );
  await refused(() => store.stat("http://2130706434/"), "a loopback address");
  assertEquals(server.connections, 0);
});

Deno.test("HttpStore.read() asks again when the server fails, and gives the body once it does not", async () => {
  await using server = new WebServer(({ earlier }) =>
    earlier < 2 ? answer("sorry", { status: 500 + 3 * earlier }) : answer("x")
  );
  const uri = `http://127.0.0.1:${server.port}/`;
  assertEquals((await readAll(httpStore(), uri)).length, 1);
  assertEquals(server.requests.length, 3);
});

Deno.test("HttpStore.read() gives up after three failures of the server", async () => {
  await using server = new WebServer(() => answer("", { status: 502 }));
  await refused(
    () => httpStore().read(`http://127.0.0.1:${server.port}/a?sig=secret`),
    "/a answered with status 502",
  );
  assertEquals(server.requests.length, 3);
});

for (const status of [204, 206, 304, 400, 401, 403, 404, 410, 429]) {
  Deno.test(`HttpStore.read() takes ${status} for an answer`, async () => {
    await using server = new WebServer(() => answer("", { status }));
    await refused(
      () => httpStore().read(`http://127.0.0.1:${server.port}/`),
      `answered with status ${status}`,
    );
    assertEquals(server.requests.length, 1);
  });
}

const CUT_OFF: Readonly<Record<string, string>> = {
  "before the status": "",
  "within the headers": "HTTP/1.1 200 OK\r\ncontent-le",
  "within a body of declared length":
    "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nuser,item\n",
  "within a chunked body":
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\na\r\nuser,item\n\r\n",
};

for (const [where, raw] of Object.entries(CUT_OFF)) {
  Deno.test(`HttpStore.read() asks again when the connection is cut ${where}`, async () => {
    await using server = new WebServer(({ path, earlier }) =>
      path === "/always" || earlier === 0 ? raw : answer("all of it")
    );
    const uri = `http://127.0.0.1:${server.port}`;
    assertEquals(
      new TextDecoder().decode(await readAll(httpStore(), `${uri}/once`)),
      "all of it",
    );
    assertEquals(server.requests.length, 2);
    await refused(
      () => httpStore().read(`${uri}/always`),
      "the connection failed (ECONNRESET)",
    );
    assertEquals(server.requests.length, 5);
  });
}

Deno.test("HttpStore.read() refuses what is no HTTP, after one request", async () => {
  await using server = new WebServer(() => "SSH-2.0-server\r\n\r\n");
  await refused(
    () => httpStore().read(`http://127.0.0.1:${server.port}/`),
    "Cannot fetch",
  );
  assertEquals(server.requests.length, 1);
});

Deno.test("HttpStore.read() refuses a host that does not listen", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  await refused(
    () => httpStore().read(`http://127.0.0.1:${port}/`),
    "the connection failed (ECONNREFUSED)",
  );
});

Deno.test("HttpStore.read() takes a body of just the cap and no byte more, declared or not", async () => {
  const bodies = (length: number) => [
    answer("x".repeat(length)),
    `HTTP/1.1 200 OK\r\n\r\n${"x".repeat(length)}`,
  ];
  for (const body of bodies(1000)) {
    await using server = new WebServer(() => body);
    const uri = `http://127.0.0.1:${server.port}/`;
    assertEquals((await readAll(httpStore(), uri)).length, 1000);
  }
  for (const body of bodies(1001)) {
    await using server = new WebServer(() => body);
    const error = await refused(
      () => httpStore().read(`http://127.0.0.1:${server.port}/`),
      "more than the 1000 bytes",
    );
    assertEquals(error.details.reason, "too_large");
    assertEquals(server.requests.length, 1);
  }
});

Deno.test("HttpStore.read() refuses a declared length above the cap without waiting for the body", async () => {
  let sent = 0;
  async function* endless(): AsyncGenerator<string> {
    yield "HTTP/1.1 200 OK\r\ncontent-length: 1001\r\n\r\n";
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      yield "x";
      sent++;
    }
  }
  await using server = new WebServer(endless);
  const error = await refused(
    () => httpStore().read(`http://127.0.0.1:${server.port}/`),
    "more than the 1000 bytes",
  );
  assertEquals(error.details.bytes_read, 0);
  assert(sent < 1000);
});

/** Servers that keep a client waiting, each in another way. */
const SLOW: Readonly<Record<string, () => AsyncGenerator<string>>> = {
  async *"says nothing"() {
    await new Promise((resolve) => setTimeout(resolve, 400));
    yield "";
  },
  async *"trickles headers"() {
    yield "HTTP/1.1 200 OK\r\n";
    for (let i = 0;; i++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      yield `x-${i}: 1\r\n`;
    }
  },
  async *"trickles a body"() {
    yield "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n";
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      yield "x";
    }
  },
};

for (const [what, raw] of Object.entries(SLOW)) {
  Deno.test(`HttpStore.read() gives up on a server that ${what}, at the deadline and without another attempt`, async () => {
    await using server = new WebServer(raw);
    await refused(
      () =>
        httpStore({ timeoutSeconds: 0.2 }).read(
          `http://127.0.0.1:${server.port}/`,
        ),
      "took longer than 0.2 s",
    );
    assertEquals(server.requests.length, 1);
  });

  Deno.test(`HttpStore.read() stops when aborted while a server ${what}`, async () => {
    await using server = new WebServer(raw);
    const reason = new Error("Stop");
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 50);
    const error = await assertRejects(() =>
      httpStore().read(`http://127.0.0.1:${server.port}/`, {
        signal: controller.signal,
      })
    );
    assertEquals(error, reason);
  });
}

Deno.test("HttpStore.read() counts waits and redirects to the deadline", async () => {
  await using server = new WebServer(() => answer("", { status: 500 }));
  await refused(
    () =>
      httpStore({ timeoutSeconds: 0.1, firstRetryMs: 60_000 }).read(
        `http://127.0.0.1:${server.port}/`,
      ),
    "took longer than 0.1 s",
  );
});

Deno.test("HttpStore does nothing when aborted before", async () => {
  await using server = new WebServer(() => answer("x"));
  const uri = `http://127.0.0.1:${server.port}/`;
  const signal = AbortSignal.abort();
  await assertRejects(() => httpStore().read(uri, { signal }), DOMException);
  await assertRejects(() => httpStore().stat(uri, signal), DOMException);
  assertEquals(server.connections, 0);
});
