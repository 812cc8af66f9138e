import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertRejects,
} from "@std/assert";
import { RecotemError } from "../../../core/errors.ts";
import { HttpsArtifactStore } from "../../../core/storage/https_artifact_store.ts";
import { refuseAddress } from "../../../core/storage/refuse_address.ts";
import { hostTest } from "./artifact_host.ts";
import { answer, redirect } from "./web_server.ts";

hostTest(
  "tells size and ETag by one byte, and asks next time whether that is still so",
  async (host) => {
    const first = await host.store.stat(host.uri);
    assertEquals(first, { marker: '"one"', size: 10 });
    assertEquals(await host.store.stat(host.uri), first);
    host.etag = '"two"';
    host.body = "0123";
    const second = await host.store.stat(host.uri);
    assertEquals(second, { marker: '"two"', size: 4 });
    assertEquals(await host.store.stat(host.uri), second);
    assertEquals(
      host.server.requests.map(({ method, headers }) => [
        method,
        headers.get("range")?.trim(),
        headers.get("if-none-match")?.trim(),
      ]),
      [
        ["GET", "bytes=0-0", undefined],
        ["GET", "bytes=0-0", '"one"'],
        ["GET", "bytes=0-0", '"one"'],
        ["GET", "bytes=0-0", '"two"'],
      ],
    );
  },
);

hostTest(
  "goes by Last-Modified and size where there is no ETag, and refuses a host that tells neither",
  async (host) => {
    host.etag = null;
    host.modified = "Mon, 05 Jan 2026 03:02:01 GMT";
    const first = await host.store.stat(host.uri);
    assertEquals([await host.store.stat(host.uri), first!.size], [first, 10]);
    host.modified = "Mon, 05 Jan 2026 03:02:02 GMT";
    assertNotEquals((await host.store.stat(host.uri))!.marker, first!.marker);
    host.modified = null;
    const error = await assertRejects(
      () => host.store.stat(host.uri),
      RecotemError,
      "without an ETag or Last-Modified header",
    );
    assertEquals(error.code, "http_fetch_error");
  },
);

hostTest(
  "reads the whole or a range, also from a host that knows no ranges",
  async (host) => {
    for (host.plain of [false, true]) {
      assertEquals((await host.store.stat(host.uri))!.size, 10);
      assertEquals(await host.read(), "0123456789");
      assertEquals(await host.read({ end: 11 }), "0123456789");
      assertEquals(await host.read({ start: 2, end: 5 }), "234");
      assertEquals(await host.read({ start: 8 }), "89");
      assertEquals(await host.read({ start: 3, end: 3 }), "");
      assertEquals(await host.read({ start: 30 }), "");
    }
    host.plain = false;
    host.body = "";
    host.etag = '"empty"';
    assertEquals((await host.store.stat(host.uri))!.size, 0);
  },
);

hostTest(
  "takes no header that is malformed for a size, an ETag or a time",
  async (host) => {
    for (const size of ["-5", "5e3", "1234567890123456", ""]) {
      host.faults.push(
        `HTTP/1.1 200 X\r\netag: "a"\r\ncontent-length: ${size}\r\n\r\n`,
      );
      const version = await host.store.stat(host.uri);
      assertEquals(version, { marker: '"a"', size: null });
    }
    const modified = "Mon, 05 Jan 2026 03:02:01 GMT";
    for (const etag of ['"\u00fc"', "a", '"a" b"', 'w/"a"', '"a", "b"']) {
      host.faults.push(
        answer("", { headers: { etag, "last-modified": modified } }),
      );
      const version = await host.store.stat(host.uri);
      assertEquals(version, { marker: `${modified} 0`, size: 0 });
    }
    host.faults.push(answer("", { headers: { "last-modified": "M\u00e4r" } }));
    await assertRejects(
      () => host.store.stat(host.uri),
      RecotemError,
      "or a malformed one",
    );
    host.faults.push('HTTP/1.1 200 X\r\netag: "a"\rx-evil: 1\r\n\r\n');
    await assertRejects(
      () => host.store.stat(host.uri),
      RecotemError,
      "control character",
    );
  },
);

hostTest("tells what is not there from what is denied", async (host) => {
  host.body = null;
  assertEquals(await host.store.stat(host.uri), null);
  await assertRejects(() => host.read(), Deno.errors.NotFound);
  for (const status of [401, 403]) {
    const refusal = answer("", { status });
    host.faults.push(refusal, refusal);
    await assertRejects(
      () => host.store.stat(host.uri),
      Deno.errors.PermissionDenied,
    );
    await assertRejects(() => host.read(), Deno.errors.PermissionDenied);
  }
  const odd = answer("", { status: 400 });
  host.faults.push(odd);
  await assertRejects(() => host.store.stat(host.uri), RecotemError, "400");
});

hostTest(
  "asks again when the host fails for a moment, not for ever",
  async (host) => {
    const busy = answer("", { status: 503 });
    host.faults.push(busy, answer("", { status: 429 }));
    assertEquals((await host.store.stat(host.uri))!.size, 10);
    host.faults.push(busy, busy);
    assertEquals(await host.read(), "0123456789");
    host.faults.push(busy, busy, busy);
    await assertRejects(() => host.store.stat(host.uri), RecotemError, "503");
  },
);

hostTest("gives out no body that breaks off as a whole one", async (host) => {
  host.faults.push(
    "HTTP/1.1 200 X\r\ncontent-length: 10\r\n\r\n01234",
    "HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n5\r\n01234\r\n",
  );
  for (let n = 0; n < 2; n++) {
    const error = await assertRejects(() => host.read(), RecotemError);
    assertEquals(error.code, "http_fetch_error");
  }
});

hostTest(
  "follows redirects, and asks for changes at their end",
  async (host) => {
    const uri = host.uri.replace("shop.recotem", "moved");
    assertEquals((await host.store.stat(uri))!.size, 10);
    assertEquals((await host.store.stat(uri))!.size, 10);
    const last = host.server.requests.at(-1)!;
    assertEquals(last.path, "/shop.recotem");
    assertEquals(last.headers.get("if-none-match")?.trim(), '"one"');
    host.faults.push(redirect("http://localhost/shop.recotem"));
    await assertRejects(
      () => host.store.stat(host.uri),
      RecotemError,
      "another scheme",
    );
  },
);

hostTest(
  "connects to no address that is not public, before and after a redirect",
  async (host) => {
    for (const run of [() => host.store.stat(host.uri), () => host.read()]) {
      await assertRejects(run, RecotemError, "must be on the public internet");
    }
    assertEquals(host.server.connections, 0);
  },
  { refuse: refuseAddress },
);

hostTest(
  "sends nothing to an address that a name has turned to since it was judged",
  async (host) => {
    await assertRejects(
      () => host.store.stat(host.uri),
      RecotemError,
      "was reached at 127.0.0.1, a loopback address",
    );
    assertEquals([host.server.connections, host.server.requests.length], [
      1,
      0,
    ]);
  },
  {
    refuse: refuseAddress,
    lookup: (_name, _options, callback) =>
      callback(null, [{ address: "9.9.9.9", family: 4 }]),
  },
);

hostTest(
  "takes a certificate from nobody but a trusted authority",
  async (host) => {
    const store = new HttpsArtifactStore({
      ...{ refuse: () => null, timeoutSeconds: 10, firstRetryMs: 1 },
    });
    const error = await assertRejects(() => store.stat(host.uri), RecotemError);
    assertMatch(error.message, /certificate/i);
    assertEquals(host.server.requests.length, 0);
  },
);

hostTest(
  "repeats no query in a message, and writes, lists and removes nothing",
  async (host) => {
    host.faults.push(answer("", { status: 400 }), answer("", { status: 403 }));
    for (let n = 0; n < 2; n++) {
      const error = await assertRejects(
        () => host.store.stat(`${host.uri}?token=secret`),
        Error,
      );
      assert(!error.message.includes("secret"), error.message);
    }
    const { store, uri } = host;
    for (
      const run of [
        () => store.write(),
        () => store.remove(),
        () => Array.fromAsync(store.list()),
      ]
    ) await assertRejects(run, Deno.errors.NotSupported);
    assertEquals(host.server.requests.length, 2, uri);
  },
);
