/** However an address that is not public is written, as the host of a URI or of a redirect, nobody is connected to. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { RecotemError } from "../../../core/errors.ts";
import { HttpStore } from "../../../core/storage/http_store.ts";
import { refuseAddress } from "../../../core/storage/refuse_address.ts";
import { ADDRESS_SPELLINGS } from "./address_spellings.ts";
import { answer, redirect, WebServer } from "./web_server.ts";

/** What stands for the public internet. */
const PUBLIC = "127.0.0.9";

const STORE = new HttpStore({
  refuse: (address) => address === PUBLIC ? null : refuseAddress(address),
  maxBytes: 1000,
  timeoutSeconds: 10,
  firstRetryMs: 1,
});

/** Hosts of URIs, with what they denote; an address with a zone is none, and is refused as malformed. */
const HOSTS: readonly [host: string, verdict: string][] = ADDRESS_SPELLINGS
  .filter(([verdict]) => verdict !== null && verdict !== "an unreadable")
  .flatMap(([verdict, spellings]) =>
    spellings.map((spelling): [string, string] => [
      spelling.includes(":") && !spelling.startsWith("[")
        ? `[${spelling}]`
        : spelling,
      verdict!,
    ])
  );

async function refusal(uri: string, run: () => Promise<unknown>) {
  const error = await assertRejects(run, RecotemError, undefined, uri);
  assertEquals(error.code, "http_fetch_error", uri);
  return error;
}

Deno.test("HttpStore refuses sixty and more spellings of addresses that are not public, and connects to none", async () => {
  await using inside = new WebServer(() => answer("secret"));
  let judged = 0;
  for (const [host, verdict] of HOSTS) {
    const uri = `http://${host}:${inside.port}/`;
    for (const run of [() => STORE.read(uri), () => STORE.stat(uri)]) {
      const error = await refusal(uri, run);
      if (!URL.canParse(uri)) continue;
      assert(error.message.includes(`is ${verdict} address`), error.message);
      assertEquals(error.details.reason, "private_address");
    }
    judged += Number(URL.canParse(uri));
  }
  assert(judged >= 60, `${judged}`);
  assertEquals(inside.connections, 0);
});

Deno.test("HttpStore refuses redirects to them, and connects to none", async () => {
  await using inside = new WebServer(() => answer("secret"));
  await using server = new WebServer(
    ({ path }) => redirect(decodeURIComponent(path.slice(1))),
    { hostname: PUBLIC },
  );
  for (const [host, verdict] of HOSTS) {
    const target = `http://${host}:${inside.port}/`;
    // Other than ASCII is not sent in a header.
    if (!/^[!-~]*$/.test(target)) continue;
    const uri = `http://${PUBLIC}:${server.port}/${encodeURIComponent(target)}`;
    const error = await refusal(target, () => STORE.read(uri));
    const expected = URL.canParse(target)
      ? `is ${verdict} address`
      : "malformed Location";
    assert(error.message.includes(expected), error.message);
  }
  assertEquals(inside.connections, 0);
  assert(server.connections >= 60, `${server.connections}`);
});
